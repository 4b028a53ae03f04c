using System.Diagnostics;

namespace OrleansLb.Lab.Tests;

/// <summary>Everything that passes an interface of a network namespace, captured by dumpcap and judged by tshark.</summary>
internal sealed class WireCapture : IAsyncDisposable
{
    /// <summary>Of a block for documentation (RFC 5737 §3), which no lab uses: a question for it marks the end of a capture.</summary>
    private const string Mark = "198.51.100.254";

    /// <summary>
    /// The target of an ARP probe for the mark, after the sender's address, which is 0.0.0.0, and the target's unknown hardware address (RFC 826).
    /// </summary>
    private static readonly byte[] MarkInFrame = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 198, 51, 100, 254];

    private readonly Process _dumpcap;
    private readonly string[] _mark;
    private readonly string _file;

    private WireCapture(Process dumpcap, string[] mark, string file) => (_dumpcap, _mark, _file) = (dumpcap, mark, file);

    public static async Task<WireCapture> Start(string networkNamespace, string interfaceName, CancellationToken cancellation)
    {
        var file = Path.Combine(Path.GetTempPath(), $"{networkNamespace}.pcapng");
        var dumpcap = Tool.Start("ip", "netns", "exec", networkNamespace, "dumpcap", "-q", "-i", interfaceName, "-w", file);
        // dumpcap names its file once it captures.
        while (await dumpcap.StandardError.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("File:", StringComparison.Ordinal))
                return new(dumpcap, ["netns", "exec", networkNamespace, "arping", "-0", "-q", "-c", "1", "-w", "0.01", "-i", interfaceName, Mark], file);
        }
        throw new InvalidOperationException("dumpcap did not begin to capture.");
    }

    /// <summary>Ends the capture, if it has not ended yet, and asks tshark for these fields of the frames that the filter lets through.</summary>
    public async Task<string[][]> Ask(string filter, string[] fields, CancellationToken cancellation)
    {
        if (!_dumpcap.HasExited) await ExpectMark(cancellation);
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

    /// <summary>
    /// What passed before the mark is in the file when the mark is: a capture that is ended at once loses what the kernel has not handed over yet.
    /// </summary>
    private async Task ExpectMark(CancellationToken cancellation)
    {
        await Tool.Run("ip", _mark, cancellation); // unanswered, so that it ends with 1
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(TimeSpan.FromSeconds(60));
        using var looking = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await HasMark(late.Token)) await looking.WaitForNextTickAsync(late.Token);
    }

    private async Task<bool> HasMark(CancellationToken cancellation)
    {
        await using var file = new FileStream(_file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(-Math.Min(file.Length, 1 << 16), SeekOrigin.End);
        var tail = new byte[1 << 16];
        var length = await file.ReadAtLeastAsync(tail, tail.Length, throwOnEndOfStream: false, cancellation);
        return tail.AsSpan(0, length).IndexOf(MarkInFrame) >= 0;
    }

    private async Task End(CancellationToken cancellation)
    {
        if (_dumpcap.HasExited) return;
        (await Tool.Run("kill", ["-INT", $"{_dumpcap.Id}"], cancellation)).Succeeded(); // 'ip netns exec' has become dumpcap
        await _dumpcap.WaitForExitAsync(cancellation);
    }
}
