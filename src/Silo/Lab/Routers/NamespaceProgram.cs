using System.Collections.Immutable;
using System.Diagnostics;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>A program that runs in a network namespace until it is disposed. <c>ip netns exec</c> also gives it a view of mounts of its own.</summary>
internal sealed class NamespaceProgram : IAsyncDisposable
{
    private const int KeptLines = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private ImmutableQueue<string> _said = [];

    private NamespaceProgram(Process process) => _process = process;

    /// <summary>Why it does not run any more, with the last that it said; null while it runs.</summary>
    public string? Ended => _process.HasExited ? $"'{_process.StartInfo.ArgumentList[3]}' ended with {_process.ExitCode}: {string.Join(" / ", _said)}" : null;

    public static NamespaceProgram Start(string networkNamespace, params IReadOnlyList<string> command) => Start(networkNamespace, static _ => { }, command);

    /// <param name="heard">Gets each line of its standard output, one at a time.</param>
    public static NamespaceProgram Start(string networkNamespace, Action<string> heard, params IReadOnlyList<string> command)
    {
        var program = new NamespaceProgram(Run(networkNamespace, command));
        program._process.OutputDataReceived += (_, line) =>
        {
            program.Hear(line.Data);
            if (line.Data is { } said) heard(said);
        };
        program._process.ErrorDataReceived += (_, line) => program.Hear(line.Data);
        program._process.BeginOutputReadLine();
        program._process.BeginErrorReadLine();
        return program;
    }

    /// <summary>Runs a command to its end and returns what it printed; what it says of errors comes after that.</summary>
    public static async Task<string> Ask(string networkNamespace, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        using var process = Run(networkNamespace, command);
        var errors = process.StandardError.ReadToEndAsync(cancellation);
        var output = await process.StandardOutput.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return output + await errors;
    }

    /// <summary>Asks it to end, so that it takes back what it gave to the kernel; if it will not, kills it with whatever it has started.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await Terminate();
        using var late = new CancellationTokenSource(Patience);
        await _process.WaitForExitAsync(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
    }

    private async Task Terminate()
    {
        using var kill = Process.Start("sh", ["-c", $"kill -TERM {_process.Id}"]); // .NET itself only knows SIGKILL
        await kill.WaitForExitAsync();
    }

    private static Process Run(string networkNamespace, IReadOnlyList<string> command) =>
        Process.Start(new ProcessStartInfo("ip", ["netns", "exec", networkNamespace, .. command]) { RedirectStandardOutput = true,
            RedirectStandardError = true })
            ?? throw new OperatorException("'ip' could not be started.");

    private void Hear(string? line)
    {
        if (line is null) return;
        ImmutableInterlocked.Update(ref _said, said => said.Enqueue(line));
        while (_said.Count() > KeptLines) ImmutableInterlocked.Update(ref _said, said => said.IsEmpty ? said : said.Dequeue());
    }
}
