using System.Text.Json;

namespace Scheduler.Host;

/// <summary>One JSON object a line on standard error; standard output is for the one line that names the address.</summary>
internal static class Logging
{
    public static void Configure(ILoggingBuilder logging, IConfiguration configuration)
    {
        logging.ClearProviders();
        logging.AddConfiguration(configuration.GetSection("Logging"));
        logging.SetMinimumLevel(configuration.GetValue("Log:Level", LogLevel.Information));
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.AddJsonConsole(static console =>
        {
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            console.IncludeScopes = false;
            console.JsonWriterOptions = new JsonWriterOptions { Indented = false };
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(static o => o.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
