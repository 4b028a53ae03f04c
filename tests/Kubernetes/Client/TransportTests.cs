using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Access;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Credentials;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Tests.Client;

public sealed class TransportTests
{
    private const string Node = """{"metadata":{"name":"n"}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task What_the_server_asks_to_repeat_is_repeated_after_the_wait(int code)
    {
        var time = new ManualTime();
        var tries = 0;
        await using var api = await TestApi.Start(context =>
        {
            if (Interlocked.Increment(ref tries) > 1) return context.Json(Node);
            context.Response.Headers.RetryAfter = "3";
            return context.Refuse(code, "TooManyRequests");
        });
        using var client = api.Client(time);
        var answer = client.Create(ResourceTypes.Nodes, new NodeObject { Metadata = new() { Name = "n" } }, Cancellation);
        await time.NextWait(TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(3));
        time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("n", (await answer).Metadata.Name);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(409)]
    public async Task What_the_server_does_not_ask_to_repeat_is_not(int code)
    {
        await using var api = await TestApi.Start(context => context.Refuse(code, "X"));
        await Assert.ThrowsAsync<ApiException>(() => Get(api.Client()));
        Assert.Single(api.Requests);
    }

    [Fact]
    public async Task A_server_that_always_asks_again_is_given_up_after_ten_times()
    {
        await using var api = await TestApi.Start(context =>
        {
            context.Response.Headers.RetryAfter = "0";
            return context.Refuse(429, "TooManyRequests");
        });
        Assert.Equal(ApiReason.TooManyRequests, (await Assert.ThrowsAsync<ApiException>(() => Get(api.Client()))).Reason);
        Assert.Equal(11, api.Requests.Count);
    }

    [Fact]
    public async Task A_read_whose_connection_broke_is_repeated_and_a_write_is_not()
    {
        var broken = 0;
        await using var api = await TestApi.Start(context =>
        {
            if (Interlocked.Increment(ref broken) > 1) return context.Json(Node);
            context.Abort();
            return Task.CompletedTask;
        });
        Assert.Equal("n", (await Get(api.Client())).Metadata.Name);
        broken = 0;
        await Assert.ThrowsAsync<HttpRequestException>(() => api.Client().Create(ResourceTypes.Nodes, new NodeObject(), Cancellation));
    }

    [Fact]
    public async Task A_refusal_is_judged_by_its_reason()
    {
        await using var api = await TestApi.Start(context => context.Request.Path.Value!.EndsWith("exists", StringComparison.Ordinal)
            ? context.Refuse(409, "AlreadyExists", "there")
            : context.Json("<html>bad gateway</html>", 502));
        var exists = await Assert.ThrowsAsync<ApiException>(() => api.Client().Get(ResourceTypes.Nodes, null, "exists", Cancellation));
        Assert.Equal((ApiReason.AlreadyExists, true), (exists.Reason, exists.IsConflict));
        var proxy = await Assert.ThrowsAsync<ApiException>(() => Get(api.Client()));
        Assert.Equal(502, proxy.Status.Code);
        Assert.Contains("bad gateway", proxy.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_warning_of_the_server_is_logged_once()
    {
        var log = new ListLogger();
        await using var api = await TestApi.Start(context =>
        {
            context.Response.Headers["Warning"] = new[] { "299 - \"v1beta1 is deprecated\"", "299 - \"say \\\"please\\\"\"" };
            return context.Json(Node);
        });
        using var client = api.Client(logger: log);
        await Get(client);
        await Get(client);
        Assert.Equal(["The Kubernetes API warns: v1beta1 is deprecated", "The Kubernetes API warns: say \"please\""], log.Lines);
    }

    [Fact]
    public async Task A_token_file_is_read_again_after_a_minute_or_a_refusal()
    {
        var time = new ManualTime();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, " one\n", Cancellation);
            await using var api = await TestApi.Start(context => context.Request.Headers.Authorization == "Bearer two"
                ? context.Refuse(401, "Unauthorized")
                : context.Named($"{context.Request.Headers.Authorization}"));
            using var client = api.Client(time, connection => connection with { Credential = new TokenFileCredential(file, time) });
            Assert.Equal("Bearer one", (await Get(client)).Metadata.Name);
            await File.WriteAllTextAsync(file, "two", Cancellation);
            Assert.Equal("Bearer one", (await Get(client)).Metadata.Name);
            time.Advance(TimeSpan.FromSeconds(61));
            Assert.Equal(ApiReason.Unauthorized, (await Assert.ThrowsAsync<ApiException>(() => Get(client))).Reason);
            await File.WriteAllTextAsync(file, "three", Cancellation);
            Assert.Equal("Bearer three", (await Get(client)).Metadata.Name);
            time.Advance(TimeSpan.FromSeconds(61));
            await File.WriteAllTextAsync(file, "", Cancellation);
            Assert.Equal("Bearer three", (await Get(client)).Metadata.Name);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_token_that_was_renewed_before_the_old_one_was_refused_costs_no_request()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "old", Cancellation);
            var refused = new ConcurrentBag<string>();
            await using var api = await TestApi.Start(context => refused.Contains($"{context.Request.Headers.Authorization}")
                ? context.Refuse(401, "Unauthorized")
                : context.Named($"{context.Request.Headers.Authorization}"));
            using var client = api.Client(change: connection => connection with { Credential = new TokenFileCredential(file, TimeProvider.System) });
            Assert.Equal("Bearer old", (await Get(client)).Metadata.Name);
            refused.Add("Bearer old");
            Assert.Equal(ApiReason.Unauthorized, (await Assert.ThrowsAsync<ApiException>(() => Get(client))).Reason);
            await File.WriteAllTextAsync(file, "new", Cancellation);
            Assert.Equal("Bearer new", (await Get(client)).Metadata.Name);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_request_without_answer_ends_after_its_time()
    {
        var time = new ManualTime();
        await using var api = await TestApi.Start(context => context.Hold());
        var answer = Get(api.Client(time));
        var patience = await time.NextWait(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
        time.Advance(patience);
        Assert.Contains("no answer within 60 s", (await Assert.ThrowsAsync<HttpRequestException>(() => answer)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_say_who_we_are()
    {
        var agents = new ConcurrentBag<string>();
        await using var api = await TestApi.Start(context =>
        {
            agents.Add(context.Request.Headers.UserAgent.ToString());
            return context.Json(Node);
        });
        await Get(api.Client());
        Assert.Matches(@"^orleanslb/\S+ \((linux|windows)/\w+\)$", Assert.Single(agents));
    }

    [Fact]
    public async Task Rights_that_are_missing_are_named()
    {
        await using var api = await TestApi.Start(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync(Cancellation);
            await context.Json($"{{\"status\":{{\"allowed\":{(body.Contains("\"resource\":\"nodes\"", StringComparison.Ordinal) ? "true" : "false")}}}}}", 201);
        });
        var missing = await new AccessCheck(api.Client()).Missing([new("list", "", "nodes"), new("patch", "", "services/status", "default")], Cancellation);
        Assert.Equal("patch services/status in default", Assert.Single(missing).ToString());
    }

    [Fact]
    public async Task Who_is_refused_for_want_of_a_right_is_told_the_rule_to_add()
    {
        await using var api = await TestApi.Start(Deny);
        using var client = api.Client();
        async Task Told(string rule, Task request) =>
            Assert.EndsWith($"add to the {rule}", (await Assert.ThrowsAsync<ApiException>(() => request)).Message, StringComparison.Ordinal);
        await Told("ClusterRole of its service account the rule {apiGroups: [\"\"], resources: [nodes], verbs: [get]}", Get(client));
        await Told("ClusterRole of its service account the rule {apiGroups: [\"\"], resources: [nodes], verbs: [list]}",
            client.List(ResourceTypes.Nodes, new(), Cancellation));
        await Told("ClusterRole of its service account the rule {apiGroups: [\"\"], resources: [services/status], verbs: [patch]}",
            client.Patch(ResourceTypes.Services.Resource, new("default", "web", "status"), Patch.Merge([]), Cancellation));
        await Told("Role of its service account in namespace lb the rule {apiGroups: [\"\"], resources: [pods], verbs: [watch]}",
            client.OpenWatch(ResourceTypes.Pods.Resource, new() { Namespace = "lb", Watch = true }, Cancellation));
    }

    [Theory]
    [InlineData("n is forbidden: exceeded quota", "true", false)]
    [InlineData("admission webhook \\\"x\\\" denied the request: User \\\"lb\\\" cannot do this", "true", false)]
    [InlineData("not by way of this proxy", "false", true)]
    [InlineData("nodes \\\"n\\\" is forbidden: User \\\"lb\\\" cannot get resource \\\"nodes\\\" in API group \\\"\\\" at the cluster scope", "true", true)]
    public async Task Whether_a_right_is_missing_is_asked_of_the_server_unless_it_has_said_so(string message, string allowed, bool isMissing)
    {
        await using var api = await TestApi.Start(context =>
            IsReview(context) ? context.Json($"{{\"status\":{{\"allowed\":{allowed}}}}}", 201) : context.Refuse(403, "Forbidden", message));
        var refusal = await Assert.ThrowsAsync<ApiException>(() => Get(api.Client()));
        Assert.Equal(isMissing ? new AccessNeed("get", "", "nodes") : null, refusal.Lacks);
        Assert.Equal(isMissing, refusal.Message.Contains("add to the ClusterRole", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_server_is_asked_for_the_right_to_the_very_object()
    {
        var asked = new TaskCompletionSource<string>();
        await using var api = await TestApi.Start(async context =>
        {
            if (IsReview(context)) asked.TrySetResult(await new StreamReader(context.Request.Body).ReadToEndAsync(Cancellation));
            await context.Refuse(403, "Forbidden");
        });
        var refusal = await Assert.ThrowsAsync<ApiException>(() =>
            api.Client().Patch(ResourceTypes.Services.Resource, new("shop", "web", "status"), Patch.Merge([]), Cancellation));
        Assert.Null(refusal.Lacks);
        Assert.Contains(
            """resourceAttributes":{"verb":"patch","group":"","resource":"services","subresource":"status","namespace":"shop","name":"web"}""",
            await asked.Task, StringComparison.Ordinal);
    }

    private static bool IsReview(HttpContext context) => context.Request.Path.Value!.EndsWith("/selfsubjectaccessreviews", StringComparison.Ordinal);

    private static Task Deny(HttpContext context) => IsReview(context) ? context.Json("""{"status":{"allowed":false}}""", 201) : context.Refuse(403, "Forbidden");

    private static Task<NodeObject> Get(ApiClient client) => client.Get(ResourceTypes.Nodes, null, "n", Cancellation);

    private sealed class ListLogger : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Add(formatter(state, exception));
    }
}
