namespace Scheduler.Host.Configuration;

/// <summary>One file, then the environment, then the command line; later ones win.</summary>
internal static class ConfigurationSources
{
    private const string DefaultFile = "scheduler.json";
    private const string FileSwitch = "--config";
    private const string EnvironmentPrefix = "SCHEDULER__";

    /// <summary>Short words for what is set most often.</summary>
    private static readonly Dictionary<string, string> Switches = new(StringComparer.Ordinal) { ["--data"] = "Storage:Directory", ["--listen"] = "Listen:Url" };

    public static IConfigurationRoot Read(string[] args)
    {
        var named = Array.IndexOf(args, FileSwitch);
        if (named >= 0 && named + 1 >= args.Length) throw new ConfigurationException("--config needs the path of a file.");
        var path = Path.GetFullPath(named >= 0 ? args[named + 1] : DefaultFile);
        if (named >= 0 && !File.Exists(path)) throw new ConfigurationException($"--config: there is no file {path}.");
        var rest = named >= 0 ? [.. args[..named], .. args[(named + 2)..]] : args;
        return new ConfigurationBuilder()
            .AddJsonFile(path, optional: true, reloadOnChange: false)
            .AddEnvironmentVariables(EnvironmentPrefix)
            .AddCommandLine(rest, Switches)
            .Build();
    }
}
