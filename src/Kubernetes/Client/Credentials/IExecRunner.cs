using System.ComponentModel;
using System.Diagnostics;
using OrleansLb.Kubernetes.Client.Connection;

namespace OrleansLb.Kubernetes.Client.Credentials;

/// <summary>The boundary to the operating system across which credential plug-ins run.</summary>
internal interface IExecRunner
{
    Task<byte[]> Run(ExecPlugin plugin, string request, CancellationToken cancellation);
}

/// <summary>Runs a plug-in as a child process.</summary>
internal sealed class ExecProcess(TimeProvider time) : IExecRunner
{
    /// <summary>A plug-in that asks a cloud for a token answers within seconds; one that hangs must not hang the client.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<byte[]> Run(ExecPlugin plugin, string request, CancellationToken cancellation)
    {
        using var process = Start(plugin, request);
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            return await Finish(plugin, process, either.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellation.ThrowIfCancellationRequested();
            throw new ConnectionException($"the credential plug-in {plugin.Command} gave no answer within {Patience.TotalSeconds:0} s.");
        }
    }

    private static async Task<byte[]> Finish(ExecPlugin plugin, Process process, CancellationToken cancellation)
    {
        using var output = new MemoryStream();
        var complaints = process.StandardError.ReadToEndAsync(cancellation);
        await process.StandardOutput.BaseStream.CopyToAsync(output, cancellation);
        await process.WaitForExitAsync(cancellation);
        if (process.ExitCode == 0) return output.ToArray();
        throw new ConnectionException($"the credential plug-in {plugin.Command} ended with code {process.ExitCode}: {(await complaints).Trim()}");
    }

    private static Process Start(ExecPlugin plugin, string request)
    {
        var start =
            new ProcessStartInfo(plugin.Command, plugin.Arguments) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var (name, value) in plugin.Environment) start.Environment[name] = value;
        start.Environment["KUBERNETES_EXEC_INFO"] = request;
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception fault)
        {
            throw new ConnectionException($"the credential plug-in {plugin.Command} cannot be started: {fault.Message}. {plugin.InstallHint}".TrimEnd(), fault);
        }
    }
}
