using System.Text.Json;

namespace Scheduler.Host.Recovery;

/// <summary>How far a database had come, kept outside of it: a database that is behind its mark, or beside it, was restored and lost writes.</summary>
/// <param name="Database">Name that the database gave itself when it was made.</param>
/// <param name="Cursor">Last record of the log; 0: there was none.</param>
/// <param name="Chain">That record's chain hash, hexadecimal.</param>
/// <param name="At">When the mark was written.</param>
public sealed record RecoveryMark(string Database, long Cursor, string Chain, DateTimeOffset At);

/// <summary>The file of the mark. Replaced whole: a crash leaves the former mark or the new one.</summary>
public sealed class RecoveryMarkFile(string path)
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web);

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>Null: there is none.</summary>
    /// <exception cref="InvalidDataException">There is one, and it cannot be read.</exception>
    public async Task<RecoveryMark?> ReadAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path)) return null;
        try
        {
            return JsonSerializer.Deserialize<RecoveryMark>(await File.ReadAllTextAsync(Path, cancellationToken), Form)
                ?? throw new InvalidDataException("It is empty.");
        }
        catch (JsonException failure)
        {
            throw new InvalidDataException(failure.Message, failure);
        }
    }

    public async Task WriteAsync(RecoveryMark mark, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        var next = Path + ".next";
        await using (var file = new FileStream(next, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await JsonSerializer.SerializeAsync(file, mark, Form, cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(next, Path, overwrite: true);
    }
}
