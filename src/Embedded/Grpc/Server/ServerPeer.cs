using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server;

/// <summary>Who is at the other end of a connection.</summary>
internal static class ServerPeer
{
    private const string CommonName = "x509_common_name";
    private const string AlternativeName = "x509_subject_alternative_name";

    public static string Describe(ConnectionInfo connection) => connection.RemoteIpAddress switch
    {
        null => "unknown",
        { AddressFamily: AddressFamily.InterNetwork } address => $"ipv4:{address}:{connection.RemotePort}",
        var address => $"ipv6:[{address}]:{connection.RemotePort}",
    };

    /// <summary>The identity is the certificate's alternative names or, without any, its common name.</summary>
    public static AuthContext Authenticate(ConnectionInfo connection)
    {
        if (connection.ClientCertificate is not { } certificate)
        {
            return new AuthContext(null, []);
        }

        var alternativeNames = certificate.Extensions
            .OfType<X509SubjectAlternativeNameExtension>()
            .SelectMany(extension => extension.EnumerateDnsNames())
            .Select(name => Property(AlternativeName, name))
            .ToList();
        var properties = new Dictionary<string, List<AuthProperty>>(StringComparer.Ordinal)
        {
            [CommonName] = [Property(CommonName, certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false))],
        };
        if (alternativeNames.Count > 0)
        {
            properties[AlternativeName] = alternativeNames;
        }

        return new AuthContext(alternativeNames.Count > 0 ? AlternativeName : CommonName, properties);
    }

    private static AuthProperty Property(string name, string value) => AuthProperty.Create(name, Encoding.UTF8.GetBytes(value));
}
