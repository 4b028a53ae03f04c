using System.Diagnostics;

namespace OrleansLb.Lab.Tests;

/// <summary>Everything that passes an interface of a network namespace, captured by dumpcap and judged by tshark.</summary>
internal sealed class WireCapture : IAsyncDisposable
{
    private readonly Process _dumpcap;
    private readonly string _file;

    private WireCapture(Process dumpcap, string file) => (_dumpcap, _file) = (dumpcap, file);

    public static async Task<WireCapture> Start(string networkNamespace, string interfaceName, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{networkNamespace}.pcapng");
        var dumpcap = Tool.Start("ip", "netns", "exec", networkNamespace, "dumpcap", "-q", "-i", interfaceName, "-w", file);
        // dumpcap names its file once it captures.
        while (await dumpcap.StandardError.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("File:", StringComparison.Ordinal)) return new(dumpcap, file);
        }
        throw new InvalidOperationException("dumpcap did not begin to capture.");
    }

    /// <summary>Ends the capture, if it has not ended yet, and asks tshark for these fields of the frames that the filter lets through.</summary>
    public async Task<string[][]> Ask(string filter, string[] fields, CancellationToken cancellation)
    {
        await End(cancellation);
        string[] arguments = ["-r", _file, "-Y", filter, "-T", "fields", .. fields.SelectMany(field => (string[])["-e", field])];
        return [.. (await Tool.Run("tshark", arguments, cancellation)).Succeeded().Lines.Select(line => line.Split('\t'))];
    }

    public async ValueTask DisposeAsync()
    {
        await End(CancellationToken.None);
        _dumpcap.Dispose();
        File.Delete(_file);
    }

    private async Task End(CancellationToken cancellation)
    {
        if (_dumpcap.HasExited) return;
        (await Tool.Run("kill", ["-INT", $"{_dumpcap.Id}"], cancellation)).Succeeded(); // 'ip netns exec' has become dumpcap
        await _dumpcap.WaitForExitAsync(cancellation);
    }
}
