using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
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
        var http = FreePort();
        string[] apply = manifests is null ? [] : ["--manifests", manifests];
        var program = typeof(OperatorException).Assembly.Location;
        var start = new ProcessStartInfo("dotnet", [program, "run", "--link", "memory", "--node", "bench", "--data", data, "--http", http.ToString(), "--log-level", "Error", .. apply]) { RedirectStandardOutput = true };
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

    /// <summary>Until it is ready and so many Services are announced.</summary>
    public async Task UntilServing(int services, TimeSpan patience, TimeSpan pace)
    {
        using var late = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(pace);
        var announced = -1;
        try
        {
            while (!await IsReady(late.Token) || (announced = await Announced(late.Token)) < services) await timer.WaitForNextTickAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new BenchException($"{announced} of {services} services are announced after {patience.TotalMinutes:0} min.");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        _client.Dispose();
    }

    private async Task<bool> IsReady(CancellationToken cancellation)
    {
        if (_process.HasExited) throw new BenchException($"orleanslb ended with exit code {_process.ExitCode}.");
        try
        {
            using var response = await _client.GetAsync(new Uri("/readyz", UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false; // it does not listen yet
        }
    }

    private async Task<int> Announced(CancellationToken cancellation)
    {
        using var status = JsonDocument.Parse(await _client.GetStringAsync(new Uri("/orleanslb/v1/status", UriKind.Relative), cancellation));
        return status.RootElement.GetProperty("services").EnumerateArray().Count(service => service.GetProperty("announced").GetBoolean());
    }

    private static IPEndPoint FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
