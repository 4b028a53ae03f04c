using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using Microsoft.Extensions.Logging;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Verbs;

/// <summary>Options that several verbs have.</summary>
internal static class Options
{
    private static readonly string[] Formats = ["text", "json"];

    public static Option<LogLevel?> LogLevel() => new("--log-level")
    {
        Description = "How much is logged: trace, debug, information, warning, error or none.",
        HelpName = "LEVEL",
    };

    public static Option<bool> Verbose() => new("--verbose", "-v") { Description = "Log what is done in detail (--log-level debug)." };

    public static Option<string> LogFormat()
    {
        var option = new Option<string>("--log-format") { Description = "How logs are written.", DefaultValueFactory = _ => Formats[0] };
        option.AcceptOnlyFromAmong(Formats);
        return option;
    }

    /// <summary>Information for what an operator must know, unless another level is asked for.</summary>
    public static LogSettings Log(LogLevel? level, bool verbose, string? format, LogLevel usual) =>
        new(level ?? (verbose ? Microsoft.Extensions.Logging.LogLevel.Debug : usual), format == Formats[1]);

    /// <summary>An address and port, such as <c>127.0.0.1:8480</c> or <c>[::1]:8480</c>.</summary>
    public static Option<IPEndPoint> Http(string usual, string description) => new("--http")
    {
        Description = description,
        HelpName = "ADDRESS:PORT",
        DefaultValueFactory = _ => IPEndPoint.Parse(usual),
        CustomParser = result => ParseEndPoint(result, usual),
    };

    private static IPEndPoint? ParseEndPoint(ArgumentResult result, string usual)
    {
        var text = result.Tokens[0].Value;
        if (IPEndPoint.TryParse(text, out var endPoint) && text.EndsWith($":{endPoint.Port}", StringComparison.Ordinal)) return endPoint;
        result.AddError($"--http: '{text}' is not an address with a port; write it as {usual}.");
        return null;
    }
}
