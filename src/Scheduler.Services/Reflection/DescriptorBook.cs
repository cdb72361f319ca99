using System.Collections.Frozen;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Scheduler.Services.Reflection;

/// <summary>Every file that the services stand on, by name and by the symbols in it.</summary>
/// <remarks>Threading: immutable.</remarks>
public sealed class DescriptorBook
{
    private readonly FrozenDictionary<string, FileDescriptor> _byName;
    private readonly FrozenDictionary<string, FileDescriptor> _bySymbol;

    public DescriptorBook()
    {
        FileDescriptor[] roots =
        [
            V1.IngestReflection.Descriptor,
            V1.DebtorReflection.Descriptor,
            V1.DispatchReflection.Descriptor,
            V1.OperationsReflection.Descriptor,
            V1.PolicyReflection.Descriptor,
            V1.EventReflection.Descriptor,
            V1.EvidenceReflection.Descriptor,
            V1.RepairReflection.Descriptor,
            Google.Rpc.ErrorDetailsReflection.Descriptor,
            Grpc.Health.V1.HealthReflection.Descriptor,
            Grpc.Reflection.V1.ReflectionReflection.Descriptor,
        ];
        var byName = new Dictionary<string, FileDescriptor>(StringComparer.Ordinal);
        foreach (var root in roots) Collect(root, byName);
        var bySymbol = new Dictionary<string, FileDescriptor>(StringComparer.Ordinal);
        foreach (var file in byName.Values) Index(file, bySymbol);
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _bySymbol = bySymbol.ToFrozenDictionary(StringComparer.Ordinal);
        Services = [.. roots.SelectMany(static file => file.Services).Select(static service => service.FullName).Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Services { get; }

    public FileDescriptor? ByName(string name) => _byName.GetValueOrDefault(name);

    /// <summary>By message, field, enum, value, service or method; full names.</summary>
    public FileDescriptor? BySymbol(string symbol) => _bySymbol.GetValueOrDefault(symbol);

    /// <summary>The file and all it imports, each once, imports after those that need them.</summary>
    public static IEnumerable<ByteString> WithImports(FileDescriptor file)
    {
        var files = new Dictionary<string, FileDescriptor>(StringComparer.Ordinal);
        Collect(file, files);
        return files.Values.Select(static f => f.SerializedData);
    }

    private static void Collect(FileDescriptor file, Dictionary<string, FileDescriptor> files)
    {
        if (!files.TryAdd(file.Name, file)) return;
        foreach (var import in file.Dependencies) Collect(import, files);
    }

    private static void Index(FileDescriptor file, Dictionary<string, FileDescriptor> symbols)
    {
        foreach (var message in file.MessageTypes) Index(message, symbols);
        foreach (var type in file.EnumTypes) Index(type, symbols);
        foreach (var service in file.Services)
        {
            symbols[service.FullName] = file;
            foreach (var method in service.Methods) symbols[method.FullName] = file;
        }
    }

    private static void Index(MessageDescriptor message, Dictionary<string, FileDescriptor> symbols)
    {
        symbols[message.FullName] = message.File;
        foreach (var field in message.Fields.InDeclarationOrder()) symbols[field.FullName] = message.File;
        foreach (var nested in message.NestedTypes) Index(nested, symbols);
        foreach (var type in message.EnumTypes) Index(type, symbols);
    }

    private static void Index(EnumDescriptor type, Dictionary<string, FileDescriptor> symbols)
    {
        symbols[type.FullName] = type.File;
        foreach (var value in type.Values) symbols[value.FullName] = type.File;
    }
}
