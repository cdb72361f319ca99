using System.Reflection;
using Scheduler.Protocol.Mapping;

namespace Scheduler.Protocol.Tests.Mapping;

public sealed class EnumMapTests
{
    /// <summary>Enums of the protocol that have no word in Domain.</summary>
    private static readonly string[] OnlyInTheProtocol = [nameof(V1.DrainState), nameof(V1.PackState), nameof(V1.ActivationKind), nameof(V1.WithheldReason),
        nameof(V1.RecoveryCause), nameof(V1.RecoveryEnd), nameof(V1.QuarantineAction)];

    /// <summary>Zero of the protocol, where Domain has a safe default instead of "not known".</summary>
    private static readonly Type[] ZeroIsSafeDefault = [typeof(V1.VerdictKind), typeof(V1.ContactStanding)];

    public static TheoryData<string> ProtocolEnums => [.. typeof(V1.ContactChannel).Assembly.GetTypes()
        .Where(static type => type is { IsEnum: true, IsPublic: true, Namespace: "Scheduler.V1" })
        .Select(static type => type.Name)
        .Except(OnlyInTheProtocol)];

    [Theory]
    [MemberData(nameof(ProtocolEnums))]
    public void Every_value_of_the_protocol_has_one_in_Domain_and_comes_back(string name)
    {
        var (toDomain, toProto) = Maps(name);
        foreach (var value in Enum.GetValues(toDomain.GetParameters()[0].ParameterType))
        {
            if (Convert.ToInt32(value) == 0 && ZeroIsSafeDefault.Contains(value.GetType())) continue;
            var domain = toDomain.Invoke(null, [value])!;
            Assert.True(Enum.IsDefined(domain.GetType(), domain), $"{name}.{value}");
            Assert.Equal(value, toProto.Invoke(null, [domain]));
            if (Convert.ToInt32(value) != 0) Assert.Equal(value.ToString(), domain.ToString());
        }
    }

    [Theory]
    [MemberData(nameof(ProtocolEnums))]
    public void Every_value_of_Domain_has_one_in_the_protocol(string name)
    {
        var (toDomain, toProto) = Maps(name);
        foreach (var value in Enum.GetValues(toDomain.ReturnType))
        {
            var proto = toProto.Invoke(null, [value])!;
            Assert.True(Enum.IsDefined(proto.GetType(), proto), $"{name}.{value}");
            Assert.Equal(value, toDomain.Invoke(null, [proto]));
        }
    }

    private static (MethodInfo ToDomain, MethodInfo ToProto) Maps(string name)
    {
        var methods = typeof(EnumMap).GetMethods(BindingFlags.Public | BindingFlags.Static);
        var toDomain = methods.SingleOrDefault(m => m.Name == "ToDomain" && m.GetParameters()[0].ParameterType.Name == name);
        Assert.True(toDomain is not null, $"{name} is not mapped");
        return (toDomain, methods.Single(m => m.Name == "ToProto" && m.ReturnType.Name == name));
    }
}
