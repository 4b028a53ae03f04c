using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using OrleansLb.Api.Hosting;

namespace OrleansLb.Bench.Allocation;

/// <summary>
/// What the API and its clients cost by themselves: for each service the writes that serving it takes (the Service, its claim, its status, an event), sent by a
/// plain client, with nobody watching and nothing decided.
/// </summary>
internal static class BareRun
{
    private const int WarmUp = 1000;
    private const int Services = 5000;
    private const int Writers = 32;
    private const int WritesEach = 4;

    /// <param name="data">Where the API keeps its objects; null for memory.</param>
    public static async Task<BenchRow> Measure(string? data)
    {
        await using var api = await EmbeddedApi.StartAsync(new() { DataDirectory = data });
        using var client = new HttpClient { BaseAddress = api.BaseAddress };
        await Write(client, 0, WarmUp);
        var (started, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
        await Write(client, WarmUp, Services);
        var elapsed = Stopwatch.GetElapsedTime(started);
        return new(data is null ? "bare writes, API in memory" : "bare writes, API on disk", new Dictionary<string, double>
        {
            ["perSecond"] = Math.Round(Services / elapsed.TotalSeconds),
            ["usEach"] = Math.Round(elapsed.TotalMicroseconds / Services, 2),
            ["cpuUsEach"] = Math.Round((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Services),
            ["writesEach"] = WritesEach,
        });
    }

    private static Task Write(HttpClient client, int first, int count) =>
        Parallel.ForEachAsync(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = Writers },
            async (number, _) => await Serve(client, number));

    private static async Task Serve(HttpClient client, int number)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"s{number}");
        var address = string.Create(CultureInfo.InvariantCulture, $"10.128.{number / 256}.{number % 256}");
        await Send(client, HttpMethod.Post, "/api/v1/namespaces/default/services", "application/json", ServiceOf(name));
        await Send(client, HttpMethod.Post, "/apis/orleanslb.io/v1alpha1/addressclaims", "application/json", ClaimOf(name, address));
        await Send(client, HttpMethod.Patch, $"/api/v1/namespaces/default/services/{name}/status", "application/strategic-merge-patch+json", StatusOf(address));
        await Send(client, HttpMethod.Post, "/apis/events.k8s.io/v1/namespaces/default/events", "application/json", EventOf(name));
    }

    private static async Task Send(HttpClient client, HttpMethod method, string path, string type, string body)
    {
        using var request = new HttpRequestMessage(method,
            new Uri(path, UriKind.Relative)) { Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue(type)) };
        using var response = await client.SendAsync(request);
        if (!response.IsSuccessStatusCode) throw new BenchException($"{path}: {await response.Content.ReadAsStringAsync()}");
    }

    private static string ServiceOf(string name) => $$$"""
        {"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{name}}}"},"spec":{"type":"LoadBalancer","allocateLoadBalancerNodePorts":false,"ports":[{"port":80}]}}
        """;

    private static string ClaimOf(string name, string address) => $$$"""
        {"apiVersion":"orleanslb.io/v1alpha1","kind":"AddressClaim","metadata":{"name":"{{{address}}}"},
         "spec":{"address":"{{{address}}}","pool":"bench","holders":[{"namespace":"default","name":"{{{name}}}","uid":"00000000-0000-0000-0000-000000000000"}]}}
        """;

    private static string StatusOf(string address) => $$$"""
        {"metadata":{"annotations":{"orleanslb.io/pool":"bench"},"finalizers":["orleanslb.io/addresses"]},"status":{"loadBalancer":{"ingress":[{"ip":"{{{address}}}"}]},"conditions":[
         {"type":"orleanslb.io/AddressAssigned","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z","reason":"AddressAssigned","message":"{{{address}}} of pool bench."},
         {"type":"orleanslb.io/Announced","status":"True","lastTransitionTime":"2026-01-01T00:00:00Z","reason":"Announced","message":"node node-1 ranks first of 3 for its address."}]}}
        """;

    private static string EventOf(string name) => $$$"""
        {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"{{{name}}}.1","namespace":"default"},"eventTime":"2026-01-01T00:00:00.000000Z","reportingController":"orleanslb.io/controller",
         "reportingInstance":"bench","action":"Announced","reason":"Announced","regarding":{"apiVersion":"v1","kind":"Service","namespace":"default","name":"{{{name}}}"},"note":"it has an address, and node node-1 announces it.","type":"Normal"}
        """;
}
