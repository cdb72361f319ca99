using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using Orleans.Turns;

namespace Orleans.References;

/// <summary>
/// Emits, for one grain interface, the reference class and one call class per method.
/// A call class holds the arguments in fields and calls the grain without reflection.
/// </summary>
internal static class ReferenceEmitter
{
    private const BindingFlags Inherited = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;

    // One dynamic assembly per interface assembly: each may see the internals of just that one and of this one.
    private static readonly ConcurrentDictionary<Assembly, ModuleBuilder> Modules = new();
    private static readonly Lock Emitting = new();

    public static Func<GrainBinding, string, GrainReference> Emit(Type type, MethodInfo[] methods, GrainMethod[] descriptions)
    {
        lock (Emitting)
        {
            var module = Modules.GetOrAdd(type.Assembly, static assembly => NewModule(assembly));
            var calls = new Type[methods.Length];
            for (var i = 0; i < methods.Length; i++) calls[i] = EmitCall(module, type, methods[i], i);
            var reference = EmitReference(module, type, methods, descriptions, calls);
            return Constructor(reference);
        }
    }

    private static ModuleBuilder NewModule(Assembly assembly)
    {
        var name = new AssemblyName("Scheduler.Embedded.Orleans.References." + assembly.GetName().Name);
        var builder = AssemblyBuilder.DefineDynamicAssembly(name, AssemblyBuilderAccess.Run);
        var module = builder.DefineDynamicModule("References");
        var attribute = EmitIgnoresAccessChecksTo(module);
        foreach (var visible in new[] { assembly, typeof(ReferenceEmitter).Assembly })
        {
            builder.SetCustomAttribute(new CustomAttributeBuilder(attribute, [visible.GetName().Name!]));
        }

        return module;
    }

    // The run-time honours an attribute of this name wherever it is defined; the framework itself does not define it.
    private static ConstructorInfo EmitIgnoresAccessChecksTo(ModuleBuilder module)
    {
        var type = module.DefineType("System.Runtime.CompilerServices.IgnoresAccessChecksToAttribute", TypeAttributes.Public, typeof(Attribute));
        var constructor = type.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(string)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Call, typeof(Attribute).GetConstructor(Inherited, [])!);
        il.Emit(OpCodes.Ret);
        return type.CreateType().GetConstructor([typeof(string)])!;
    }

    private static Type EmitCall(ModuleBuilder module, Type type, MethodInfo method, int index)
    {
        var parent = CallParent(method.ReturnType);
        var builder = module.DefineType($"{NameOf(type)}.{method.Name}#{index}", TypeAttributes.Sealed | TypeAttributes.NotPublic, parent);
        var parameters = method.GetParameters();
        var fields = new FieldBuilder[parameters.Length];
        for (var i = 0; i < parameters.Length; i++)
        {
            fields[i] = builder.DefineField($"Argument{i}", parameters[i].ParameterType, FieldAttributes.Public);
        }

        builder.DefineDefaultConstructor(MethodAttributes.Public);
        var inherited = parent.GetMethod(IsValueTask(method.ReturnType) ? "InvokeValue" : "Invoke", Inherited, [typeof(object)])!;
        var invoke = builder.DefineMethod(
            inherited.Name,
            MethodAttributes.Family | MethodAttributes.Virtual | MethodAttributes.HideBySig | MethodAttributes.Final,
            inherited.ReturnType,
            [typeof(object)]);
        var il = invoke.GetILGenerator();
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Castclass, method.DeclaringType!);
        foreach (var field in fields)
        {
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldfld, field);
        }

        il.Emit(OpCodes.Callvirt, method);
        if (method.ReturnType == typeof(void)) il.Emit(OpCodes.Call, typeof(Task).GetProperty(nameof(Task.CompletedTask))!.GetMethod!);
        il.Emit(OpCodes.Ret);
        builder.DefineMethodOverride(invoke, inherited);
        return builder.CreateType();
    }

    private static Type EmitReference(ModuleBuilder module, Type type, MethodInfo[] methods, GrainMethod[] descriptions, Type[] calls)
    {
        var builder = module.DefineType($"{NameOf(type)}.Reference", TypeAttributes.Sealed | TypeAttributes.NotPublic, typeof(GrainReference), [type]);
        var constructor = builder.DefineConstructor(MethodAttributes.Public, CallingConventions.Standard, [typeof(GrainBinding), typeof(string)]);
        var il = constructor.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Ldarg_2);
        il.Emit(OpCodes.Call, typeof(GrainReference).GetConstructor(Inherited, [typeof(GrainBinding), typeof(string)])!);
        il.Emit(OpCodes.Ret);
        for (var i = 0; i < methods.Length; i++) EmitMethod(builder, methods[i], descriptions[i], calls[i], i);
        return builder.CreateType();
    }

    private static void EmitMethod(TypeBuilder builder, MethodInfo method, GrainMethod description, Type call, int index)
    {
        var parameters = method.GetParameters();
        var implementation = builder.DefineMethod(
            $"{method.DeclaringType!.FullName}.{method.Name}",
            MethodAttributes.Private | MethodAttributes.Virtual | MethodAttributes.Final | MethodAttributes.HideBySig | MethodAttributes.NewSlot,
            method.ReturnType,
            [.. parameters.Select(static parameter => parameter.ParameterType)]);
        var il = implementation.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Newobj, call.GetConstructor(Type.EmptyTypes)!);
        for (var i = 0; i < parameters.Length; i++)
        {
            il.Emit(OpCodes.Dup);
            il.Emit(OpCodes.Ldarg, checked((short)(i + 1)));
            il.Emit(OpCodes.Stfld, call.GetField($"Argument{i}")!);
        }

        il.Emit(OpCodes.Ldc_I4, index);
        il.Emit(OpCodes.Call, Sender(method.ReturnType, description.IsOneWay));
        il.Emit(OpCodes.Ret);
        builder.DefineMethodOverride(implementation, method);
    }

    // A plus sign would declare the emitted class as nested.
    private static string NameOf(Type type) => type.FullName!.Replace('+', '.');

    private static bool IsValueTask(Type result) =>
        result == typeof(ValueTask) || (result.IsGenericType && result.GetGenericTypeDefinition() == typeof(ValueTask<>));

    private static Type CallParent(Type result)
    {
        if (result == typeof(ValueTask)) return typeof(ValueTaskCall);
        if (!result.IsGenericType) return typeof(TaskCall);
        return (IsValueTask(result) ? typeof(ValueTaskCall<>) : typeof(TaskCall<>)).MakeGenericType(result.GetGenericArguments());
    }

    private static MethodInfo Sender(Type result, bool oneWay)
    {
        if (result == typeof(void)) return Of("HintNothing");
        if (result == typeof(Task)) return Of(oneWay ? "Hint" : "CallWithoutResult");
        if (result == typeof(ValueTask)) return Of(oneWay ? "HintValue" : "CallValueWithoutResult");
        return Of(IsValueTask(result) ? "CallValue" : "Call").MakeGenericMethod(result.GetGenericArguments());
        static MethodInfo Of(string name) => typeof(GrainReference).GetMethod(name, Inherited)!;
    }

    private static Func<GrainBinding, string, GrainReference> Constructor(Type reference)
    {
        var create = new DynamicMethod("Create", typeof(GrainReference), [typeof(GrainBinding), typeof(string)], reference, skipVisibility: true);
        var il = create.GetILGenerator();
        il.Emit(OpCodes.Ldarg_0);
        il.Emit(OpCodes.Ldarg_1);
        il.Emit(OpCodes.Newobj, reference.GetConstructor([typeof(GrainBinding), typeof(string)])!);
        il.Emit(OpCodes.Ret);
        return create.CreateDelegate<Func<GrainBinding, string, GrainReference>>();
    }
}
