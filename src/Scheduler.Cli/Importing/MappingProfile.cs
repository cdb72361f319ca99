using System.Collections.Immutable;

namespace Scheduler.Cli.Importing;

/// <summary>How the rows of one kind of file become debtor entries. Loaded from YAML by <see cref="ProfileLoader"/>; immutable.</summary>
internal sealed record MappingProfile
{
    public required string Name { get; init; }

    public string Description { get; init; } = "";

    /// <summary>Identifies the row: seeds every choice and names the row in the rejects.</summary>
    public required FieldExpression RowId { get; init; }

    /// <summary>Options and their defaults; set with --set.</summary>
    public ImmutableDictionary<string, string> Options { get; init; } = ImmutableDictionary<string, string>.Empty;

    public ImmutableDictionary<string, ImmutableDictionary<string, string>> Tables { get; init; } =
        ImmutableDictionary<string, ImmutableDictionary<string, string>>.Empty;

    public ImmutableDictionary<string, FieldExpression> Values { get; init; } = ImmutableDictionary<string, FieldExpression>.Empty;

    /// <summary>Rows for which it does not hold are left out, and counted as filtered.</summary>
    public FieldExpression? Keep { get; init; }

    public required SectionMapping Debtor { get; init; }

    public ImmutableArray<SectionMapping> Locations { get; init; } = [];

    public ImmutableArray<SectionMapping> Points { get; init; } = [];

    public ImmutableArray<SectionMapping> Accounts { get; init; } = [];

    public ImmutableArray<SectionMapping> Consents { get; init; } = [];
}

/// <summary>Fields of one debtor, place, point, account or consent; left out of a row for which <see cref="When"/> does not hold.</summary>
internal sealed record SectionMapping(SectionKind Kind, string Path, FieldExpression? When, ImmutableDictionary<string, FieldExpression> Fields)
{
    public string Text(string field, MappingScope scope)
    {
        scope.Field = $"{Path}.{field}";
        return Fields.TryGetValue(field, out var expression) ? expression.Text(scope) : "";
    }
}

/// <summary>A section's name and the fields it may and must have.</summary>
internal sealed record SectionKind(string Name, ImmutableArray<string> Required, ImmutableArray<string> Optional)
{
    public static readonly SectionKind Debtor = new(
        "debtor", ["id"], ["source_version", "language", "language_requested", "minor", "employer_forbids_contact", "risk_score", "tags"]);

    public static readonly SectionKind Location = new("locations", ["country"], ["region", "municipality", "postal_code", "zone", "source"]);

    public static readonly SectionKind Point = new(
        "points", ["id", "kind", "address"], ["channels", "place", "status", "obtained_from", "confirmed", "reassignment_checked", "agreed"]);

    public static readonly SectionKind Account = new(
        "accounts", ["id", "creditor", "currency", "balance"],
        ["collector", "role", "debt_key", "product", "consumer_purpose", "time_barred", "oldest_due_date", "stage", "contract_date", "strategy", "portfolio", "tags"]);

    public static readonly SectionKind Consent = new(
        "consents", ["id", "kind", "given"],
        ["channels", "purposes", "points", "creditor", "expires", "method", "instrument", "wording", "evidence", "given_directly", "own_initiative"]);

    public bool Allows(string field) => Required.Contains(field) || Optional.Contains(field);
}
