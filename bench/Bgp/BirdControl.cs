using System.Net.Sockets;
using System.Text;

namespace OrleansLb.Bench.Bgp;

/// <summary>A BIRD, talked to by its control socket: a client process for each question would weigh more than what is measured.</summary>
internal sealed class BirdControl : IAsyncDisposable
{
    private readonly PeerProgram _bird;
    private readonly Socket _control = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string _path;
    private readonly byte[] _buffer = new byte[65536];

    public BirdControl(string networkNamespace, string folder, string name, string configuration)
    {
        _path = Path.Combine(folder, name + ".ctl");
        var file = Path.Combine(folder, name + ".conf");
        File.WriteAllText(file, configuration);
        _bird = new(networkNamespace, PeerProgram.Find("bird2", "/usr/sbin/bird"), "-f", "-c", file, "-s", _path, "-P", Path.Combine(folder, name + ".pid"));
    }

    public int Process => _bird.Id;

    public async Task Connect()
    {
        using var patience = new CancellationTokenSource(BgpBench.Patience);
        while (!_control.Connected)
        {
            try
            {
                await _control.ConnectAsync(new UnixDomainSocketEndPoint(_path), patience.Token);
                await Answer(patience.Token);
            }
            catch (SocketException) when (!patience.IsCancellationRequested)
            {
                await Task.Delay(1, patience.Token); // it is still starting
            }
        }
    }

    public async Task<string> Ask(string command)
    {
        using var patience = new CancellationTokenSource(BgpBench.Patience);
        await _control.SendAsync(Encoding.ASCII.GetBytes(command + "\n"), patience.Token);
        return await Answer(patience.Token);
    }

    public async ValueTask DisposeAsync()
    {
        _control.Dispose();
        await _bird.DisposeAsync();
    }

    // The last line of an answer has a space after its four digits, the others have a minus, or begin with a space.
    private async Task<string> Answer(CancellationToken cancellation)
    {
        var answer = new StringBuilder();
        while (!IsComplete(answer.ToString()))
        {
            var count = await _control.ReceiveAsync(_buffer, cancellation);
            if (count == 0) throw new BenchException("BIRD has ended.");
            answer.Append(Encoding.ASCII.GetString(_buffer, 0, count));
        }

        return answer.ToString();
    }

    private static bool IsComplete(string answer) =>
        answer.EndsWith('\n') && answer.TrimEnd('\n').Split('\n')[^1] is { Length: > 4 } last && last[4] == ' ' && char.IsAsciiDigit(last[0]);
}
