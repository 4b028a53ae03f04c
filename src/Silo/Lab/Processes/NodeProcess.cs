using System.Diagnostics;
using System.Globalization;
using System.Text;
using OrleansLb.Core;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>One node's <c>orleanslb run</c>, a process in the node's network namespace.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private const string Promise = "orleanslb serves node ";

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly TaskCompletionSource _serving = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private NodeProcess(NodeName node, Process process)
    {
        (Node, _process) = (node, process);
        process.ErrorDataReceived += (_, line) => Note(line.Data);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    public NodeName Node { get; }

    /// <summary>What it has logged.</summary>
    public string Errors
    {
        get
        {
            lock (_errors) return _errors.ToString();
        }
    }

    /// <summary>The processor time that it has had so far, on all processors together.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts it; it serves when this ends.</summary>
    public static async Task<NodeProcess> Start(NodeName node, string networkNamespace, IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var command = new ProcessStartInfo("ip",
            ["netns", "exec", networkNamespace, .. ThisProgram.Command(), "run", "--node", node.Value, "--interface", LabPlan.Interface, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        var process = new NodeProcess(node, Process.Start(command) ?? throw new OperatorException("'ip netns exec' could not be started."));
        try
        {
            await process._serving.Task.WaitAsync(cancellation);
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary><c>kill -9</c>: no word to anybody. Returns before the process is gone, as the fault itself does.</summary>
    public void Kill() => _process.Kill();

    public Task Freeze(CancellationToken cancellation) => Signal("STOP", cancellation);

    public Task Wake(CancellationToken cancellation) => Signal("CONT", cancellation);

    /// <summary>Asks it to stop, as a kubelet does, and waits until it has.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        await Signal("TERM", cancellation);
        await _process.WaitForExitAsync(cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        lock (_errors) _errors.AppendLine(line);
    }

    private void Hear(string? line)
    {
        if (line is null) _serving.TrySetException(new OperatorException($"the process of {Node} ended before it served:\n{Errors}"));
        else if (line.StartsWith(Promise, StringComparison.Ordinal)) _serving.TrySetResult();
    }

    private async Task Signal(string signal, CancellationToken cancellation)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(cancellation);
        if (kill.ExitCode != 0) throw new OperatorException($"'kill -{signal}' of {Node}'s process failed.");
    }
}
