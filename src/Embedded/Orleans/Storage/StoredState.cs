using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Core;
using Orleans.Turns;

namespace Orleans.Storage;

/// <summary>A state that is read before its grain activates.</summary>
internal interface IStoredState
{
    Task ReadStateAsync();
}

/// <summary>The state of one grain, between the grain and its storage provider; also what the provider fills in.</summary>
internal sealed class StoredState<TState>(StateBinding binding, GrainId grainId) : IPersistentState<TState>, IGrainState<TState>, IStoredState
{
    private TState? _state;

    public TState State
    {
        get
        {
            if (_state is null) _state = Create();
            return _state!;
        }
        set => _state = value;
    }

    public string? Etag { get; private set; }

    public bool RecordExists { get; set; }

    string? IGrainState<TState>.ETag
    {
        get => Etag;
        set => Etag = value;
    }

    TState? IGrainState<TState>.State
    {
        get => State;
        set => _state = value;
    }

    public async Task ReadStateAsync()
    {
        try
        {
            await binding.Storage.ReadStateAsync(binding.StateName, grainId, this);
        }
        catch (Exception exception)
        {
            Tell(exception, "Reading");
            if (exception is OrleansException) throw;
            throw Wrapped(exception, "Reading");
        }
    }

    public async Task WriteStateAsync()
    {
        try
        {
            await binding.Storage.WriteStateAsync(binding.StateName, grainId, this);
        }
        catch (Exception exception)
        {
            Tell(exception, "Writing");
            if (exception is OrleansException) throw;
            throw Wrapped(exception, "Writing");
        }
    }

    public async Task ClearStateAsync()
    {
        try
        {
            await binding.Storage.ClearStateAsync(binding.StateName, grainId, this);
        }
        catch (Exception exception)
        {
            Tell(exception, "Clearing");
            if (exception is OrleansException) throw;
            throw Wrapped(exception, "Clearing");
        }
    }

    // Without a parameterless constructor the instance is made without running any, as upstream does.
    private static TState? Create()
    {
        var type = typeof(TState);
        if (type.IsValueType || type.IsAbstract || type.IsArray || type == typeof(string)) return default;
        return type.GetConstructor(Type.EmptyTypes) is not null
            ? Activator.CreateInstance<TState>()
            : (TState)RuntimeHelpers.GetUninitializedObject(type);
    }

    private void Tell(Exception exception, string action) =>
        binding.Logger.LogError(exception, "{Action} state {State} of {GrainId} failed.", action, binding.StateName, grainId);

    // A foreign exception reaches the grain inside one of ours.
    private OrleansException Wrapped(Exception exception, string action) =>
        new($"{action} state '{binding.StateName}' of {grainId} failed: {exception.Message}", exception);
}

/// <summary>Where one state of a grain class lives: resolved once, shared by all its activations.</summary>
internal sealed record StateBinding(IGrainStorage Storage, string StateName, ILogger Logger);

/// <summary>Makes the states that a grain class's constructor asks for.</summary>
internal static class StoredStates
{
    private static readonly MethodInfo Definition = typeof(StoredStates).GetMethod(nameof(Typed), BindingFlags.Static | BindingFlags.NonPublic)!;

    public static Func<Activation, object?> Factory(
        Type parameterType, PersistentStateAttribute attribute, string parameterName, Type grainType, IServiceProvider services)
    {
        if (!parameterType.IsGenericType || parameterType.GetGenericTypeDefinition() != typeof(IPersistentState<>))
        {
            throw new OrleansConfigurationException($"{grainType}: parameter '{parameterName}' has [PersistentState] but is no IPersistentState<T>.");
        }

        var binding = new Lazy<StateBinding>(() => Bind(attribute, parameterName, grainType, services));
        return Definition.MakeGenericMethod(parameterType.GetGenericArguments()).CreateDelegate<Func<Lazy<StateBinding>, Func<Activation, object?>>>()(binding);
    }

    private static Func<Activation, object?> Typed<TState>(Lazy<StateBinding> binding) =>
        activation => new StoredState<TState>(binding.Value, activation.GrainId);

    private static StateBinding Bind(PersistentStateAttribute attribute, string parameterName, Type grainType, IServiceProvider services)
    {
        var storage = string.IsNullOrEmpty(attribute.StorageName)
            ? services.GetService<IGrainStorage>()
            : services.GetKeyedService<IGrainStorage>(attribute.StorageName);
        if (storage is null)
        {
            var named = string.IsNullOrEmpty(attribute.StorageName) ? "No default storage provider" : $"No storage provider named '{attribute.StorageName}'";
            throw new BadProviderConfigException($"{named} is registered; the grain {grainType.FullName} needs it for '{attribute.StateName}'.");
        }

        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger(storage.GetType());
        return new StateBinding(storage, string.IsNullOrEmpty(attribute.StateName) ? parameterName : attribute.StateName, logger);
    }
}
