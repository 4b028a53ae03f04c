using System.Diagnostics;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>A tool that runs beside the test, read line by line.</summary>
internal sealed class LineFeed(string commandLine) : IDisposable
{
    private readonly Process _process = Shell.Start(commandLine);

    /// <summary>The next line of its output that has this in it.</summary>
    public Task<string> Line(string part) => Find(_process.StandardOutput, part);

    /// <summary>The lines of its output up to the next one that has this in it.</summary>
    public async Task<List<string>> LinesTo(string part)
    {
        var lines = new List<string>();
        while (lines is [] || !lines[^1].Contains(part, StringComparison.Ordinal)) lines.Add(await Line(""));
        return lines;
    }

    /// <summary>The same of what it prints to standard error.</summary>
    public Task<string> ErrorLine(string part) => Find(_process.StandardError, part);

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<string> Find(StreamReader output, string part)
    {
        using var patience = new CancellationTokenSource(Wire.Patience);
        while (await output.ReadLineAsync(patience.Token) is { } line)
        {
            if (line.Contains(part, StringComparison.Ordinal)) return line;
        }
        throw new EndOfStreamException($"'{commandLine}' ended and never said '{part}'.");
    }
}
