using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;

namespace OrleansLb.Kubernetes.Tests.Client;

public class ReflectorTests
{
    private static readonly ResourceType<PartialObject> Things =
        new(new ApiResource("test.io", "v1", "things", "Thing", Namespaced: true), ClientJson.Default.PartialObject,
            ClientJson.Default.ObjectListPartialObject);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private protected virtual Task<TestApi> Serve(RequestDelegate answer) => TestApi.Start(answer);

    [Fact]
    public async Task A_list_is_followed_by_a_watch_from_its_version()
    {
        await using var api = await Serve(NoStreaming(async context =>
        {
            if (!context.IsWatch()) await context.Json(List("10", "a", "b"));
            else if (context.Request.Query["resourceVersion"] == "10") await context.Send(Event("ADDED", "c", 11) + Event("DELETED", "a", 12));
            if (context.IsWatch()) await context.Hold();
        }));
        Assert.Equal(["=a,b", "+c", "-a"], await Tell(api, 3));
        Assert.Contains("GET /apis/test.io/v1/things?resourceVersion=0", api.Requests);
    }

    [Fact]
    public async Task A_streamed_list_needs_no_list_request()
    {
        await using var api = await Serve(async context =>
        {
            await context.Send(Event("ADDED", "a", 3) + Event("ADDED", "b", 4) + EndOfInitial(9) + Event("MODIFIED", "a", 10));
            await context.Hold();
        });
        Assert.Equal(["=a,b", "+a"], await Tell(api, 2));
        Assert.All(api.Requests, request => Assert.Contains("watch=true", request));
    }

    [Theory]
    [InlineData(422, null)]
    [InlineData(400, null)]
    [InlineData(200, """{"type":"ERROR","object":{"kind":"Status","code":500,"reason":"InternalError","message":"RequestWatchProgress is disabled"}}""")]
    public async Task A_server_without_streamed_lists_is_asked_once(int code, string? line)
    {
        await using var api = await Serve(async context =>
        {
            if (context.IsStreamedList() && line is null) await context.Refuse(code, code == 422 ? "Invalid" : "BadRequest");
            else if (context.IsStreamedList()) await context.Send(line + "\n");
            else if (context.IsWatch()) await context.Hold();
            else await context.Json(List("10", "a"));
        });
        using var client = api.Client();
        Assert.Equal(["=a"], await Tell(client, 1));
        Assert.Equal(["=a"], await Tell(client, 1));
        Assert.Single(api.Requests, request => request.Contains("sendInitialEvents", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stream_that_ends_before_its_list_does_is_no_streamed_list()
    {
        await using var api = await Serve(async context =>
        {
            if (!context.IsWatch()) await context.Json(List("10", "a"));
            else if (context.IsStreamedList()) await context.Send(Event("ADDED", "a", 5));
            else await context.Hold();
        });
        Assert.Equal(["=a"], await Tell(api, 1));
    }

    [Fact]
    public async Task A_server_that_ignores_the_wish_for_a_streamed_list_is_given_up_after_a_while()
    {
        var time = new ManualTime();
        await using var api = await Serve(async context =>
        {
            if (!context.IsWatch()) await context.Json(List("10", "a"));
            else await context.Send(context.IsStreamedList() ? Event("ADDED", "a", 5) : "\n");
            if (context.IsWatch()) await context.Hold();
        });
        var told = Tell(api.Client(time), 1, time);
        await time.NextWait(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        await time.NextWait(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5)); // begun anew by the event
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["=a"], await told);
    }

    [Fact]
    public async Task A_hang_up_in_the_middle_of_an_event_resumes_after_the_last_whole_one()
    {
        var heard = new TaskCompletionSource();
        await using var api = await Serve(NoStreaming(async context =>
        {
            if (!context.IsWatch())
            {
                await context.Json(List("10", "a"));
                return;
            }
            if (context.Request.Query["resourceVersion"] == "11")
            {
                await context.Send(Event("MODIFIED", "b", 12));
                await context.Hold();
            }
            await context.Send(Event("ADDED", "b", 11) + Event("MODIFIED", "b", 12)[..30]);
            await heard.Task;
            context.Abort();
        }));
        Assert.Equal(["=a", "+b", "+b"], await Tell(api.Client(), 3, hear: told => { if (told == "+b") heard.TrySetResult(); }));
        Assert.Single(api.Requests, request => !request.Contains("watch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bookmark_moves_the_version()
    {
        await using var api = await Serve(NoStreaming(async context =>
        {
            if (!context.IsWatch()) await context.Json(List("10"));
            else if (context.Request.Query["resourceVersion"] == "10") await context.Send("""{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"77"}}}""" + "\n");
            else await context.Send(context.Request.Query["resourceVersion"] == "77" ? Event("ADDED", "late", 78) : "");
        }));
        Assert.Equal(["=", "+late"], await Tell(api, 2));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_expired_version_means_a_new_list_from_storage(bool asEvent)
    {
        var lists = 0;
        await using var api = await Serve(NoStreaming(async context =>
        {
            if (!context.IsWatch()) await context.Json(Interlocked.Increment(ref lists) == 1 ? List("10", "a", "b") : List("20", "b", "c"));
            else if (context.Request.Query["resourceVersion"] == "20") await context.Hold();
            else if (asEvent) await context.Send("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}""" + "\n");
            else await context.Refuse(410, "Expired");
        }));
        Assert.Equal(["=a,b", "=b,c"], await Tell(api, 2));
        Assert.Contains("GET /apis/test.io/v1/things?resourceVersion=&limit=500", api.Requests);
    }

    [Fact]
    public async Task A_continuation_that_expired_begins_a_whole_list()
    {
        var first = true;
        await using var api = await Serve(NoStreaming(async context =>
        {
            var query = context.Request.Query;
            if (context.IsWatch() && query["resourceVersion"] == "1") await context.Refuse(410, "Gone");
            else if (context.IsWatch()) await context.Hold();
            else if (query["resourceVersion"] == "0") await context.Json(List("1"));
            else if (query.ContainsKey("continue") && query["continue"] == "stale") await context.Refuse(410, "Expired");
            else if (query.ContainsKey("continue")) await context.Json(List("9", "b"));
            else await context.Json(Page("9", Interlocked.Exchange(ref first, false) ? "stale" : "fresh", "a"));
        }));
        Assert.Equal(["=", "=a,b"], await Tell(api, 2));
    }

    [Fact]
    public async Task Watches_that_close_at_once_are_backed_off_ever_longer()
    {
        var time = new ManualTime();
        await using var api = await Serve(context => context.IsWatch() ? Task.CompletedTask : context.Json(List("10", "a")));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var client = api.Client(time);
        client.StreamsLists = false;
        var running = Tell(client, int.MaxValue, time, stop.Token);
        var (shortest, longest) = (TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(30));
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 7; i++)
        {
            waits.Add(await time.NextWait(shortest, longest));
            time.Advance(waits[^1]);
        }
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.InRange(waits[0], shortest, 2 * shortest);
        Assert.InRange(waits[3], 8 * shortest, 16 * shortest);
        Assert.Equal(longest, waits[6]);
    }

    [Fact]
    public async Task A_restart_of_the_server_is_survived()
    {
        var time = new ManualTime();
        var up = true;
        var heard = new TaskCompletionSource();
        await using var api = await Serve(async context =>
        {
            if (!Volatile.Read(ref up)) context.Abort();
            else if (!context.IsWatch()) await context.Json(List("10", "a"));
            else if (context.Request.Query["resourceVersion"] == "11")
            {
                await context.Send(Event("ADDED", "c", 12));
                await context.Hold();
            }
            else
            {
                await context.Send(Event("ADDED", "b", 11));
                await heard.Task;
                Volatile.Write(ref up, false);
                context.Abort();
            }
        });
        using var client = api.Client(time);
        client.StreamsLists = false;
        var told = Tell(client, 3, time, hear: told => { if (told == "+b") heard.TrySetResult(); });
        while (!told.IsCompleted)
        {
            var wait = time.NextWait(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30));
            if (await Task.WhenAny(told, wait) == told) break;
            Volatile.Write(ref up, true);
            time.Advance(await wait);
        }
        Assert.Equal(["=a", "+b", "+c"], await told);
    }

    [Fact]
    public async Task A_server_that_says_nothing_for_a_while_is_still_asked_for_a_streamed_list()
    {
        var time = new ManualTime();
        var hung = true;
        await using var api = await Serve(async context =>
        {
            if (!Volatile.Read(ref hung)) await context.Send(Event("ADDED", "a", 3) + EndOfInitial(9));
            await context.Hold();
        });
        using var client = api.Client(time);
        var told = Tell(client, 1, time);
        var patience = await time.NextWait(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
        time.Advance(patience);
        var pause = await time.NextWait(TimeSpan.FromMilliseconds(800), TimeSpan.FromSeconds(2));
        Volatile.Write(ref hung, false);
        for (; !told.IsCompleted && pause > TimeSpan.Zero; pause = await RestOf(told, time)) time.Advance(pause);
        Assert.Equal(["=a"], await told);
        Assert.True(client.StreamsLists);
        Assert.All(api.Requests, request => Assert.Contains("sendInitialEvents", request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_long_list_may_bear_annotations_that_mean_nothing_to_us()
    {
        var items = string.Join(",", Enumerable.Range(0, 2000).Select(number =>
            $$"""{"metadata":{"annotations":{"kubectl.kubernetes.io/last-applied-configuration":"{{new string('x', number % 700)}}","example.com/team":"blue","orleanslb.io/pool":"p"},"name":"s{{number}}"} }"""));
        await using var api = await Serve(NoStreaming(async context =>
        {
            if (!context.IsWatch()) await context.Json($$"""{"metadata":{"resourceVersion":"10"},"items":[{{items}}]}""");
            else await context.Hold();
        }));
        using var client = api.Client();
        var list = await client.List(Things, new ListQuery(), Cancellation);
        Assert.Equal(2000, list.Items!.Count);
        Assert.All(list.Items, item => Assert.Equal("p", item.Metadata.Annotations!["orleanslb.io/pool"]));
        Assert.All(list.Items, item => Assert.DoesNotContain("example.com/team", item.Metadata.Annotations!));
        Assert.Single(await Tell(client, 1));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_waits_for_a_server_that_was_away_or_knew_nobody_asks_as_soon_as_somebody_was_answered(bool answers)
    {
        var time = new ManualTime();
        var up = false;
        await using var api = await Serve(async context =>
        {
            if (!Volatile.Read(ref up) && answers) await context.Refuse(401, "Unauthorized");
            else if (!Volatile.Read(ref up)) context.Abort();
            else if (!context.IsWatch()) await context.Json(List("10", "a"));
            else await context.Hold();
        });
        using var client = api.Client(time);
        client.StreamsLists = false;
        var told = Tell(client, 1, time);
        await UntilItWaitsLong(time);
        Volatile.Write(ref up, true);
        Assert.False(told.IsCompleted);
        await client.Get(Things, "default", "a", Cancellation); // anybody's request; the time stands still
        Assert.Equal(["=a"], await told);
    }

    /// <summary>The time passes until the next try is so far away that nobody would wait for it.</summary>
    private static async Task<TimeSpan> UntilItWaitsLong(ManualTime time)
    {
        while (true)
        {
            var wait = await time.NextWait(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30));
            if (wait >= TimeSpan.FromSeconds(5)) return wait;
            time.Advance(wait);
        }
    }

    [Fact]
    public async Task A_server_that_refuses_for_a_moment_after_it_was_away_is_asked_again_as_soon_as_after_a_first_failure()
    {
        var time = new ManualTime();
        var (up, knowsRoles) = (false, false);
        await using var api = await Serve(async context =>
        {
            if (!Volatile.Read(ref up)) context.Abort();
            else if (!Volatile.Read(ref knowsRoles)) await context.Refuse(403, "Forbidden");
            else if (!context.IsWatch()) await context.Json(List("10", "a"));
            else await context.Hold();
        });
        using var client = api.Client(time);
        client.StreamsLists = false;
        var told = Tell(client, 1, time);
        var wait = await UntilItWaitsLong(time);
        Volatile.Write(ref up, true);
        time.Advance(wait);
        wait = await time.NextWait(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(30));
        Assert.InRange(wait, Backoff.First, 2 * Backoff.First);
        Volatile.Write(ref knowsRoles, true);
        time.Advance(wait);
        Assert.Equal(["=a"], await told);
    }

    [Fact]
    public async Task Watches_that_break_while_the_server_answers_are_begun_anew_within_a_second_each_time()
    {
        var time = new ManualTime();
        var watches = 0;
        await using var api = await Serve(NoStreaming(async context =>
        {
            if (!context.IsWatch()) await context.Json(List("10", "a"));
            else if (++watches == 7) await context.Send(Event("ADDED", "b", 11));
            else await Break(context);
        }));
        var told = Tell(api.Client(time), 4, time); // the third failure at a version calls for a new list
        for (var i = 0; i < 6; i++) time.Advance(await time.NextWait(Backoff.First, Backoff.First).WaitAsync(TimeSpan.FromSeconds(30), Cancellation));
        Assert.Equal("+b", (await told)[^1]);
    }

    /// <summary>Less than was promised: the connection ends in the middle of the body, and not before the client has the headers.</summary>
    private static Task Break(HttpContext context)
    {
        context.Response.ContentLength = 100;
        return context.Send("\n");
    }

    /// <summary>The next wait of the code under test, or none when it has told what was asked for.</summary>
    private static async Task<TimeSpan> RestOf(Task told, ManualTime time)
    {
        var wait = time.NextWait(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2));
        return await Task.WhenAny(told, wait) == told ? TimeSpan.Zero : await wait;
    }

    private static RequestDelegate NoStreaming(RequestDelegate answer) =>
        context => context.IsStreamedList() ? context.Refuse(422, "Invalid") : answer(context);

    private static Task<List<string>> Tell(TestApi api, int count) => Tell(api.Client(), count);

    private static async Task<List<string>> Tell(ApiClient client, int count, TimeProvider? time = null, CancellationToken? cancellation = null,
        Action<string>? hear = null)
    {
        var reflector = new Reflector<PartialObject>(client, Things, new ListQuery(), new ReflectorOptions(), new Random(1), time ?? TimeProvider.System,
            NullLogger.Instance);
        var told = new List<string>();
        await foreach (var change in reflector.Changes(cancellation ?? Cancellation))
        {
            told.Add(change switch
            {
                Change<PartialObject>.Snapshot all => "=" + string.Join(",", all.Items.Select(item => item.Metadata.Name)),
                Change<PartialObject>.Upsert upsert => "+" + upsert.Item.Metadata.Name,
                Change<PartialObject>.Delete delete => "-" + delete.Item.Metadata.Name,
                _ => "?",
            });
            hear?.Invoke(told[^1]);
            if (told.Count == count) break;
        }
        return told;
    }

    private static string List(string version, params string[] names) => Page(version, "", names);

    private static string Page(string version, string next, params string[] names) =>
        $$"""{"kind":"ThingList","metadata":{"resourceVersion":"{{version}}","continue":"{{next}}"},"items":[{{string.Join(",", names.Select(name => $$$"""{"metadata":{"name":"{{{name}}}","resourceVersion":"1"}}"""))}}]}""";

    private static string Event(string type, string name, int version) => $$"""{"type":"{{type}}","object":{"kind":"Thing","metadata":{"name":"{{name}}","resourceVersion":"{{version}}" } } }""" + "\n";

    private static string EndOfInitial(int version) =>
        $$"""{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"{{version}}","annotations":{"k8s.io/initial-events-end":"true" } } } }""" + "\n";
}
