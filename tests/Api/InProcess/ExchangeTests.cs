using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using static OrleansLb.Api.Tests.InProcess.ContractTests;

namespace OrleansLb.Api.Tests.InProcess;

/// <summary>What is the exchange's own: whose turn the pipeline runs on, and how it begins and ends.</summary>
public sealed class ExchangeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly AsyncLocal<string?> Ambient = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_pipeline_runs_outside_of_the_callers_turn_and_the_caller_stays_in_it()
    {
        await using var pipeline = await Pipeline.Start(async http =>
        {
            var before = $"{TaskScheduler.Current == TaskScheduler.Default} {Ambient.Value ?? "none"}";
            await new StreamReader(http.Request.Body).ReadToEndAsync();
            await http.Response.WriteAsync($"{before} {TaskScheduler.Current == TaskScheduler.Default} {Ambient.Value ?? "none"}");
        });
        using var client = pipeline.Client(Way.InProcess);
        using var turns = new Turns();
        var seen = await turns.Run(async () =>
        {
            Ambient.Value = "the caller's";
            using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new ByteArrayContent([1]) };
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
            Assert.Same(turns, TaskScheduler.Current);
            await using var body = await response.Content.ReadAsStreamAsync(Stop);
            var buffer = new byte[100];
            var count = await body.ReadAsync(buffer, Stop);
            Assert.Same(turns, TaskScheduler.Current);
            return System.Text.Encoding.ASCII.GetString(buffer, 0, count);
        });
        Assert.Equal("True none True none", seen);
    }

    [Fact]
    public async Task A_read_that_has_to_wait_ends_on_the_readers_scheduler()
    {
        var asked = Signal();
        await using var pipeline = await Pipeline.Start(async http =>
        {
            await http.Response.StartAsync();
            await asked.Task;
            await http.Response.WriteAsync("x");
        });
        using var client = pipeline.Client(Way.InProcess);
        using var turns = new Turns();
        await turns.Run(async () =>
        {
            using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Stop);
            await using var body = await response.Content.ReadAsStreamAsync(Stop);
            var reading = body.ReadAsync(new byte[1], Stop);
            Assert.False(reading.IsCompleted);
            asked.SetResult();
            Assert.Equal(1, await reading);
            Assert.Same(turns, TaskScheduler.Current);
            return true;
        });
    }

    [Fact]
    public async Task The_abortion_of_a_request_is_told_outside_of_the_callers_turn()
    {
        var (entered, told) = (Signal(), new TaskCompletionSource<TaskScheduler>(TaskCreationOptions.RunContinuationsAsynchronously));
        await using var pipeline = await Pipeline.Start(async http =>
        {
            await using var registration = http.RequestAborted.Register(() => told.TrySetResult(TaskScheduler.Current));
            entered.SetResult();
            await told.Task;
        });
        using var client = pipeline.Client(Way.InProcess);
        using var turns = new Turns();
        await turns.Run(async () =>
        {
            using var patience = new CancellationTokenSource();
            var waiting = client.GetAsync("/", patience.Token);
            await entered.Task;
            patience.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            return true;
        });
        Assert.Same(TaskScheduler.Default, await told.Task.WaitAsync(Patience, Stop));
    }

    [Fact]
    public async Task A_trace_goes_on_by_its_header()
    {
        await using var pipeline = await Pipeline.Start(http => http.Response.WriteAsync($"{http.Request.Headers.TraceParent}"));
        using var client = pipeline.Client(Way.InProcess);
        using var activity = new Activity("caller").Start();
        Assert.Equal(activity.Id, await client.GetStringAsync("/", Stop));
    }

    [Fact]
    public async Task Nobody_is_served_before_the_server_starts_and_after_it_stopped()
    {
        var idle = new Api.InProcess.InProcessExchange();
        using (var early = new HttpClient(idle.CreateHandler()))
            AssertRefused(await Assert.ThrowsAsync<HttpRequestException>(() => early.GetAsync(new Uri("http://127.0.0.1/"), Stop)));
        await using var pipeline = await Pipeline.Start(http => http.Response.WriteAsync("x"));
        using var client = pipeline.Client(Way.InProcess);
        Assert.Equal("x", await client.GetStringAsync("/", Stop));
        await pipeline.Stop(Stop);
        AssertRefused(await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/", Stop)));
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_under_way()
    {
        var (entered, go) = (Signal(), Signal());
        await using var pipeline = await Pipeline.Start(async http =>
        {
            entered.SetResult();
            await go.Task;
            await http.Response.WriteAsync("whole");
        });
        using var client = pipeline.Client(Way.InProcess);
        var asked = client.GetStringAsync("/", Stop);
        await entered.Task.WaitAsync(Patience, Stop);
        var stopping = pipeline.Stop(Stop);
        AssertRefused(await Eventually(client));
        Assert.False(stopping.IsCompleted);
        go.SetResult();
        await stopping.WaitAsync(Patience, Stop);
        Assert.Equal("whole", await asked);

        // The server closes its door some steps after it was asked to stop.
        static async Task<HttpRequestException> Eventually(HttpClient client)
        {
            while (true)
            {
                try
                {
                    using var more = await client.GetAsync("/refused", HttpCompletionOption.ResponseHeadersRead, Stop);
                }
                catch (HttpRequestException refused)
                {
                    return refused;
                }
            }
        }
    }

    [Fact]
    public async Task A_stop_without_time_cuts_what_is_under_way()
    {
        await using var pipeline = await Pipeline.Start(async http =>
        {
            await http.Response.WriteAsync("one\n");
            await Gone(http);
        });
        using var client = pipeline.Client(Way.InProcess);
        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Stop);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
        Assert.Equal("one", await lines.ReadLineAsync(Stop));
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        var reading = lines.ReadLineAsync(Stop).AsTask();
        await pipeline.Stop(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await Assert.ThrowsAnyAsync<IOException>(() => reading.WaitAsync(Patience, Stop));
    }

    [Fact]
    public async Task A_content_that_nobody_reads_stops_being_sent()
    {
        await using var pipeline = await Pipeline.Start(http =>
        {
            http.Response.StatusCode = 413;
            return Task.CompletedTask;
        });
        using var client = pipeline.Client(Way.InProcess);
        var sent = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var content = new Endless(sent);
        using var response = await client.PostAsync("/", content, Stop);
        Assert.Equal(413, (int)response.StatusCode);
        Assert.True(await sent.Task.WaitAsync(Patience, Stop));
    }

    [Fact]
    public async Task A_content_that_fails_is_told_to_both_sides()
    {
        var seen = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var pipeline = await Pipeline.Start(async http =>
            seen.SetResult(await Record.ExceptionAsync(() => http.Request.Body.CopyToAsync(Stream.Null, Stop))));
        using var client = pipeline.Client(Way.InProcess);
        using var content = new StreamContent(new Failing());
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => client.PostAsync("/", content, Stop));
        Assert.IsType<TimeoutException>(fault.InnerException);
        Assert.IsType<IOException>(await seen.Task.WaitAsync(Patience, Stop));
    }

    [Fact]
    public async Task Many_requests_at_once_each_get_their_own_answer()
    {
        await using var pipeline = await Pipeline.Start(async http =>
        {
            var body = await new StreamReader(http.Request.Body).ReadToEndAsync();
            await Task.Yield();
            await http.Response.WriteAsync($"{http.Request.Path}:{body}");
        });
        using var client = pipeline.Client(Way.InProcess);
        await Parallel.ForEachAsync(Enumerable.Range(0, 5000), Stop, async (number, stop) =>
        {
            using var content = new StringContent($"{number}");
            using var response = await client.PostAsync($"/{number}", content, stop);
            Assert.Equal($"/{number}:{number}", await response.Content.ReadAsStringAsync(stop));
        });
    }

    private static void AssertRefused(HttpRequestException refused)
    {
        Assert.Equal(HttpRequestError.ConnectionError, refused.HttpRequestError);
        Assert.Equal(SocketError.ConnectionRefused, Assert.IsType<SocketException>(refused.InnerException).SocketErrorCode);
    }

    /// <summary>Runs its tasks one after the other on a thread of its own, as an activation its turns.</summary>
    private sealed class Turns : TaskScheduler, IDisposable
    {
        private readonly BlockingCollection<Task> _queue = [];
        private readonly Thread _thread;

        public Turns()
        {
            _thread = new(() =>
            {
                foreach (var task in _queue.GetConsumingEnumerable()) TryExecuteTask(task);
            });
            _thread.Start();
        }

        public Task<T> Run<T>(Func<Task<T>> turn) => Task.Factory.StartNew(turn, Stop, TaskCreationOptions.None, this).Unwrap();

        public void Dispose()
        {
            _queue.CompleteAdding();
            _thread.Join();
            _queue.Dispose();
        }

        protected override IEnumerable<Task> GetScheduledTasks() => _queue;

        protected override void QueueTask(Task task) => _queue.Add(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;
    }

    /// <summary>Is sent until somebody stops it.</summary>
    private sealed class Endless(TaskCompletionSource<bool> ended) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context, CancellationToken cancellationToken)
        {
            try
            {
                while (true) await stream.WriteAsync(new byte[10_000], cancellationToken);
            }
            finally
            {
                ended.SetResult(cancellationToken.IsCancellationRequested);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class Failing : MemoryStream
    {
        public override Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken) =>
            Task.FromException(new TimeoutException("the disk is slow"));
    }
}
