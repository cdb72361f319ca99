namespace Orleans.Runtime;

/// <summary>Names a constructor parameter of type <see cref="IPersistentState{TState}"/> and the storage provider it lives in.</summary>
[AttributeUsage(AttributeTargets.Parameter)]
public class PersistentStateAttribute(string stateName, string? storageName = null) : Attribute
{
    public string StateName => stateName;

    public string? StorageName => storageName;
}
