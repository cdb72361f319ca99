using System.Linq.Expressions;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;
using Orleans.Storage;
using Orleans.Turns;

namespace Orleans.References;

/// <summary>
/// Creates grains of one class by its single public constructor. Singletons are resolved once for all;
/// a service scope is made only for classes that take scoped or transient services.
/// </summary>
internal sealed class GrainConstructor
{
    private readonly Func<Activation, object?>[] _arguments;
    private readonly Func<object?[], IGrainBase> _create;
    private readonly int _stateCount;

    public GrainConstructor(Type type, ServiceLifetimes lifetimes, IServiceProvider services)
    {
        var constructors = type.GetConstructors();
        if (constructors is not [var constructor])
        {
            throw new OrleansConfigurationException($"{type} must have a single public constructor; it has {constructors.Length}.");
        }

        var parameters = constructor.GetParameters();
        _arguments = [.. parameters.Select(parameter => Argument(parameter, type, lifetimes, services))];
        _stateCount = parameters.Count(static parameter => parameter.IsDefined(typeof(PersistentStateAttribute)));
        _create = Compile(constructor, parameters);
    }

    public IGrainBase Create(Activation activation, out IStoredState[]? states)
    {
        var arguments = _arguments.Length == 0 ? [] : new object?[_arguments.Length];
        states = _stateCount == 0 ? null : new IStoredState[_stateCount];
        for (int i = 0, state = 0; i < arguments.Length; i++)
        {
            arguments[i] = _arguments[i](activation);
            if (arguments[i] is IStoredState stored && state < _stateCount) states![state++] = stored;
        }

        return _create(arguments);
    }

    private static Func<object?[], IGrainBase> Compile(ConstructorInfo constructor, ParameterInfo[] parameters)
    {
        var arguments = Expression.Parameter(typeof(object?[]), "arguments");
        var values = parameters.Select((parameter, i) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(i)), parameter.ParameterType));
        return Expression.Lambda<Func<object?[], IGrainBase>>(
            Expression.Convert(Expression.New(constructor, values), typeof(IGrainBase)), arguments).Compile();
    }

    private static Func<Activation, object?> Argument(ParameterInfo parameter, Type grainType, ServiceLifetimes lifetimes, IServiceProvider services)
    {
        var type = parameter.ParameterType;
        if (parameter.GetCustomAttribute<PersistentStateAttribute>() is { } attribute)
        {
            return StoredStates.Factory(type, attribute, parameter.Name!, grainType, services);
        }

        if (type == typeof(IGrainContext)) return static activation => activation;
        if (parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { } keyed)
        {
            return activation => activation.ActivationServices.GetRequiredKeyedService(type, keyed.Key);
        }

        if (lifetimes.IsSingleton(type))
        {
            var singleton = new Lazy<object>(() => services.GetRequiredService(type));
            return _ => singleton.Value;
        }

        if (parameter.HasDefaultValue && !lifetimes.IsRegistered(type)) return _ => parameter.DefaultValue;
        return activation => activation.ActivationServices.GetRequiredService(type);
    }
}
