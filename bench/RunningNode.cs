using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OrleansLb.Silo;

namespace OrleansLb.Bench;

/// <summary>The product as a process of its own: <c>orleanslb run</c> with the embedded API, on the segment in memory. Disposing it kills it.</summary>
internal sealed class RunningNode : IDisposable
{
    private readonly Process _process;
    private readonly HttpClient _client;

    private RunningNode(Process process, Uri address)
    {
        _process = process;
        _client = new() { BaseAddress = address };
        _process.OutputDataReceived += static (_, _) => { }; // a full pipe would stop it
        _process.BeginOutputReadLine();
    }

    public double WorkingSetMiB
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <param name="data">Where its objects are kept.</param>
    /// <param name="manifests">What it applies at its start; null for nothing.</param>
    public static RunningNode Start(string data, string? manifests)
    {
        string[] apply = manifests is null ? [] : ["--manifests", manifests];
        return Start(["--node", "bench", "--data", data, .. apply]);
    }

    /// <summary>A process that joins the others of the API's cluster; on a segment that it has to itself.</summary>
    public static RunningNode Join(string kubeconfig, string node) =>
        Start(["--node", node, "--kubeconfig", kubeconfig, "--cluster", "kubernetes", "--silo-address", "127.0.0.1", "--silo-port",
            FreePort().Port.ToString(CultureInfo.InvariantCulture), "--gateway-port", "0"]);

    private static RunningNode Start(string[] arguments)
    {
        var http = FreePort();
        string[] program = [.. ThisProgram.Command()];
        var start = new ProcessStartInfo(program[0],
            [.. program[1..], "run", "--link", "memory", "--http", http.ToString(), "--log-level", "Error", .. arguments]) { RedirectStandardOutput = true };
        return new(Process.Start(start)!, new Uri($"http://{http}"));
    }

    /// <summary>Creates a Service of type LoadBalancer with one port.</summary>
    public async Task CreateService(int number)
    {
        using var content = new StringContent(string.Create(CultureInfo.InvariantCulture, $$$"""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"s{{{number}}}"},"spec":{"type":"LoadBalancer","allocateLoadBalancerNodePorts":false,"ports":[{"port":80}]}}
            """), Encoding.UTF8, "application/json");
        using var response = await _client.PostAsync(new Uri("/api/v1/namespaces/default/services", UriKind.Relative), content);
        if (!response.IsSuccessStatusCode) throw new BenchException($"Service {number}: {await response.Content.ReadAsStringAsync()}");
    }

    /// <summary>Until it is ready and answers for the addresses of so many Services, one each.</summary>
    public Task UntilServing(int services, TimeSpan patience, TimeSpan pace) =>
        Until(services, async cancellation => await IsReady(cancellation) ? await Held(cancellation) : -1, patience, pace);

    /// <summary>Until it answers for the addresses of so many Services, one each, whatever it has still to do.</summary>
    public Task UntilAnswering(int services, TimeSpan patience, TimeSpan pace) => Until(services, Held, patience, pace);

    private static async Task Until(int services, Func<CancellationToken, Task<int>> count, TimeSpan patience, TimeSpan pace)
    {
        using var late = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(pace);
        var held = -1;
        try
        {
            while ((held = await count(late.Token)) < services) await timer.WaitForNextTickAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new BenchException($"{held} of {services} addresses are answered for after {patience.TotalMinutes:0} min.");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
    }

    private async Task<bool> IsReady(CancellationToken cancellation) => await Ask("/readyz", cancellation) is not null;

    /// <summary>
    /// How many addresses its speaker answers for, by the smallest page that tells: a list of all Services each time would cost what is to be measured.
    /// </summary>
    private async Task<int> Held(CancellationToken cancellation)
    {
        if (await Ask("/metrics", cancellation) is not { } text) return -1;
        return text.Split('\n').Where(line => line.StartsWith("orleanslb_addresses_held{", StringComparison.Ordinal))
            .Sum(line => int.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));
    }

    /// <summary>Null when it does not listen yet, or cannot answer yet.</summary>
    private async Task<string?> Ask(string path, CancellationToken cancellation)
    {
        if (_process.HasExited) throw new BenchException($"orleanslb ended with exit code {_process.ExitCode}.");
        try
        {
            using var response = await _client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(cancellation) : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static IPEndPoint FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
