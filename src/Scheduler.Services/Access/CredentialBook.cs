using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Scheduler.Services.Access;

/// <summary>Credentials by the digest of their token. What cannot be read stops the host: a half-understood list of rights is worse than none.</summary>
/// <remarks>Threading: immutable.</remarks>
public sealed class CredentialBook
{
    public const string DevelopmentToken = "development";

    private static readonly Credential Development = new(DevelopmentToken, Roles.All, tenants: null, isDevelopment: true);

    private readonly FrozenDictionary<string, Credential> _byDigest;

    public CredentialBook(IOptions<AccessOptions> options)
    {
        var byDigest = new Dictionary<string, Credential>(StringComparer.Ordinal);
        foreach (var credential in options.Value.Credentials)
        {
            var digest = credential.TokenSha256.ToUpperInvariant();
            if (digest.Length != SHA256.HashSizeInBytes * 2 || !digest.All(char.IsAsciiHexDigit))
            {
                throw new OptionsValidationException(AccessOptions.Section, typeof(AccessOptions), [$"TokenSha256 of {credential.Actor}: 64 hexadecimal digits"]);
            }

            if (!byDigest.TryAdd(digest, Read(credential)))
            {
                throw new OptionsValidationException(AccessOptions.Section, typeof(AccessOptions), [$"TokenSha256 of {credential.Actor}: given twice"]);
            }
        }

        _byDigest = byDigest.ToFrozenDictionary(StringComparer.Ordinal);
    }

    /// <summary>Null for a token that is good for nothing here.</summary>
    public Credential? Find(ReadOnlySpan<char> token, bool isLoopback)
    {
        if (_byDigest.Count == 0) return isLoopback && token.SequenceEqual(DevelopmentToken) ? Development : null;
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(token.ToArray()), digest);
        return _byDigest.GetValueOrDefault(Convert.ToHexString(digest));
    }

    private static Credential Read(CredentialOptions source)
    {
        var faults = new List<string>();
        var roles = Roles.None;
        foreach (var name in source.Roles)
        {
            if (Enum.TryParse<Roles>(name, ignoreCase: true, out var role) && role is Roles.Ingest or Roles.Gateway or Roles.Compliance or Roles.Operator)
            {
                roles |= role;
            }
            else
            {
                faults.Add($"role of {source.Actor}: ingest, gateway, compliance or operator, not '{name}'");
            }
        }

        if (source.Actor.Length == 0) faults.Add("Actor: required");
        if (roles == Roles.None) faults.Add($"Roles of {source.Actor}: one or more");
        if (source.Tenants.Count == 0) faults.Add($"Tenants of {source.Actor}: one or more, or *");
        if (faults.Count > 0) throw new OptionsValidationException(AccessOptions.Section, typeof(AccessOptions), faults);
        return new Credential(source.Actor, roles, source.Tenants.Contains("*") ? null : source.Tenants);
    }
}
