namespace Scheduler.Host.Configuration;

/// <summary>Everything that can be configured, with its default. docs/operations.md explains each line.</summary>
public sealed record SchedulerOptions
{
    public ListenSettings Listen { get; init; } = new();

    public HealthOptions Health { get; init; } = new();

    public MetricsOptions Metrics { get; init; } = new();

    public OtlpOptions Otlp { get; init; } = new();

    public StorageOptions Storage { get; init; } = new();

    public ClockOptions Clock { get; init; } = new();

    public RuleOptions Rules { get; init; } = new();

    public EvidenceOptions Evidence { get; init; } = new();

    public RecoveryOptions Recovery { get; init; } = new();
}

/// <summary>Where calls come in.</summary>
public sealed record ListenSettings
{
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>0: any free port; it is printed.</summary>
    public int Port { get; init; } = 7070;

    /// <summary>Address and port in one, "http://127.0.0.1:7070"; replaces both.</summary>
    public string Url { get; init; } = "";

    /// <summary>PKCS#12 or PEM certificate; TLS from then on.</summary>
    public string CertificatePath { get; init; } = "";

    /// <summary>Key of a PEM certificate; empty: in the same file.</summary>
    public string KeyPath { get; init; } = "";

    public string CertificatePassword { get; init; } = "";

    /// <summary>Plain text on an address that others reach. Only behind a proxy that ends TLS.</summary>
    public bool AllowInsecure { get; init; }
}

/// <summary>The second port, HTTP/1: health for those who do not speak gRPC.</summary>
public sealed record HealthOptions
{
    /// <summary>Null: no second port. 0: any free port.</summary>
    public int? Port { get; init; }
}

/// <summary>The port of metrics, HTTP/1.</summary>
public sealed record MetricsOptions
{
    /// <summary>Null: none, and nothing is added up. 0: any free port; the log names it.</summary>
    public int? Port { get; init; }
}

/// <summary>How a collector is spoken to.</summary>
public enum OtlpProtocol { Grpc = 0, HttpProtobuf = 1 }

/// <summary>Metrics and traces to a collector of OpenTelemetry.</summary>
public sealed record OtlpOptions
{
    /// <summary>"http://collector:4317"; empty: none, and no span is made.</summary>
    public string Endpoint { get; init; } = "";

    public OtlpProtocol Protocol { get; init; }

    /// <summary>Share of traces that are sent, 0 to 1.</summary>
    public double SampleRatio { get; init; } = 0.01;
}

/// <summary>Which database.</summary>
public enum StorageProvider { Sqlite = 0, Postgres = 1 }

/// <summary>The database.</summary>
public sealed record StorageOptions
{
    /// <summary>The data folder: SQLite's database, and beside it what no setting names. Created if it is not there.</summary>
    public string Directory { get; init; } = "data";

    public StorageProvider Provider { get; init; }

    public PostgresSettings Postgres { get; init; } = new();
}

/// <summary>A PostgreSQL server's database.</summary>
public sealed record PostgresSettings
{
    /// <summary>"Host=...;Database=...;Username=..."; the password better stands in a file that <c>Passfile</c> names.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Groups that are committed at once, each on a connection of its own.</summary>
    public int CommitsInFlight { get; init; } = 2;

    /// <summary>False: an older schema stops the start, and <c>scheduler migrate</c> is somebody's decision.</summary>
    public bool MigratesAtStart { get; init; } = true;

    public int StatementTimeoutSeconds { get; init; } = 8;
}

/// <summary>Which clock decisions run on.</summary>
public enum ClockMode { Real = 0, Simulated = 1 }

/// <summary>The clock.</summary>
public sealed record ClockOptions
{
    public ClockMode Mode { get; init; }

    /// <summary>Simulated: the first instant.</summary>
    public DateTimeOffset? Start { get; init; }
}

/// <summary>Rules and strategies in force.</summary>
public sealed record RuleOptions
{
    /// <summary>By family the pack to take: "CO": "CO.literal". Families not named take their default.</summary>
    public Dictionary<string, string> Modes { get; init; } = new(StringComparer.Ordinal);

    /// <summary>Debtors looked at in a second after a change of the rules.</summary>
    public int ReplanPerSecond { get; init; } = Grains.Rules.ReplanTerms.DefaultPerSecond;

    /// <summary>Folder of strategies beside the shipped ones; empty: none.</summary>
    public string StrategyDirectory { get; init; } = "";
}

/// <summary>Keys that make evidence private and provable. They never stand in the database.</summary>
public sealed record EvidenceOptions
{
    /// <summary>File of the master keys. Empty: made for development, in <see cref="KeyDirectory"/>.</summary>
    public string MasterKeyFile { get; init; } = "";

    /// <summary>Private key (ECDSA P-256, PKCS#8 in PEM) that signs daily roots. Empty: made for development, in <see cref="KeyDirectory"/>.</summary>
    public string SigningKeyFile { get; init; } = "";

    /// <summary>Public keys (PEM blocks) of the signing keys that the present one replaced. Empty: there was none.</summary>
    public string FormerKeysFile { get; init; } = "";

    /// <summary>Days that the log says what was recorded; older records are dropped under signed checkpoints. Null: everything is kept.</summary>
    public int? EventRetention { get; init; }

    /// <summary>File that signed roots are appended to, outside the database. Empty: <c>roots.jsonl</c> in <see cref="KeyDirectory"/>.</summary>
    public string RootsFile { get; init; } = "";

    /// <summary>
    /// How long evidence is kept after a debtor's last contact or closing, by country code or "default"; no erasure before. Nothing set: three years.
    /// </summary>
    public Dictionary<string, RetentionOptions> Retention { get; init; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Folder for keys that are not set. Empty: <c>Storage:Directory</c> with <c>.keys</c> at its end, beside the data.</summary>
    public string KeyDirectory { get; init; } = "";
}

/// <summary>One term of retention.</summary>
public sealed record RetentionOptions
{
    public int Days { get; init; }

    /// <summary>Which law or choice, as it is told to whoever asks for an erasure.</summary>
    public string Basis { get; init; } = "";
}

/// <summary>How a restore that lost writes is noticed.</summary>
public sealed record RecoveryOptions
{
    /// <summary>File that says how far the database had come. Empty: <c>recovery.mark</c> in the folder of the keys. Not on the volume that is restored with the database.</summary>
    public string MarkFile { get; init; } = "";
}
