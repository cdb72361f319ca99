using System.Reflection;

namespace Orleans.References;

/// <summary>Finds grain classes: in the assemblies of the program that refer to this one, loaded yet or not.</summary>
internal static class GrainAssemblies
{
    private static readonly Lazy<IReadOnlyList<Type>> Found = new(Find);

    public static IReadOnlyList<Type> Classes() => Found.Value;

    private static List<Type> Find()
    {
        var own = typeof(GrainAssemblies).Assembly.GetName().Name;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<Assembly>(AppDomain.CurrentDomain.GetAssemblies().Where(static assembly => !assembly.IsDynamic));
        List<Type> classes = [];
        while (open.TryPop(out var assembly))
        {
            if (!seen.Add(assembly.FullName!)) continue;
            var references = assembly.GetReferencedAssemblies();
            foreach (var reference in references)
            {
                if (!IsFramework(reference.Name!) && !seen.Contains(reference.FullName) && TryLoad(reference) is { } loaded) open.Push(loaded);
            }

            if (references.Any(reference => reference.Name == own)) classes.AddRange(assembly.GetTypes().Where(IsGrainClass));
        }

        return classes;
    }

    private static bool IsGrainClass(Type type) =>
        type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(IGrainBase).IsAssignableFrom(type);

    private static bool IsFramework(string name) =>
        name.StartsWith("System", StringComparison.Ordinal) || name.StartsWith("Microsoft.", StringComparison.Ordinal) || name is "netstandard" or "mscorlib";

    private static Assembly? TryLoad(AssemblyName name)
    {
        try
        {
            return Assembly.Load(name);
        }
        catch (Exception exception) when (exception is IOException or BadImageFormatException)
        {
            // A reference that is not deployed cannot hold a grain that is used.
            return null;
        }
    }
}
