using System.ComponentModel.DataAnnotations;

namespace Scheduler.Services.Access;

/// <summary>Who may call. With no credentials, the token "development" is good for everything, from loopback alone.</summary>
public sealed class AccessOptions
{
    public const string Section = "Access";

    public IList<CredentialOptions> Credentials { get; } = [];
}

/// <summary>One credential. The token itself is nowhere: only its digest.</summary>
public sealed class CredentialOptions
{
    /// <summary>SHA-256 of the token's UTF-8 bytes, in hexadecimal.</summary>
    [Required]
    public string TokenSha256 { get; set; } = "";

    /// <summary>Person or system; goes to the audit log. For a gateway, its gateway id.</summary>
    [Required]
    public string Actor { get; set; } = "";

    /// <summary>ingest, gateway, compliance, operator.</summary>
    public IList<string> Roles { get; } = [];

    /// <summary>Tenants it covers; "*": every one.</summary>
    public IList<string> Tenants { get; } = [];
}
