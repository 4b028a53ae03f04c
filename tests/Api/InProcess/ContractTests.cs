using System.Buffers;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansLb.Api.Tests.InProcess;

/// <summary>What holds between a pipeline and its clients, by a socket and within the process alike.</summary>
public sealed class ContractTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<Way> Ways => [.. Enum.GetValues<Way>()];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_request_looks_the_same_whichever_way_it_comes()
    {
        await using var pipeline = await Pipeline.Start(async http =>
        {
            var request = http.Request;
            var body = await new StreamReader(request.Body).ReadToEndAsync();
            var detection = http.Features.GetRequiredFeature<IHttpRequestBodyDetectionFeature>().CanHaveBody;
            var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            var headers = string.Join("; ",
                request.Headers.OrderBy(header => header.Key, StringComparer.Ordinal).Select(header => $"{header.Key}={header.Value}"));
            await http.Response.WriteAsync($"{request.Method} {request.Scheme} {request.Protocol} {request.Host} [{request.PathBase}] {request.Path.Value} "
                + $"{request.QueryString} {target} {request.ContentLength} {request.ContentType} {detection} {http.Connection.RemoteIpAddress} "
                + $"{http.Connection.LocalIpAddress} {http.Connection.LocalPort} {http.User.Identity?.IsAuthenticated} {headers}\n{body}");
        });
        foreach (var (method, target, content) in Requests())
        {
            var seen = await Task.WhenAll(Enum.GetValues<Way>().Select(way => See(way)));
            Assert.Equal(seen[0], seen[1]);
            Assert.Contains("127.0.0.1", seen[0], StringComparison.Ordinal);

            async Task<string> See(Way way)
            {
                using var client = pipeline.Client(way);
                using var request = new HttpRequestMessage(method, target) { Content = content() };
                request.Headers.Accept.ParseAdd("application/json;as=Table, */*");
                request.Headers.UserAgent.ParseAdd("orleanslb/1 (linux/x64)");
                request.Headers.TryAddWithoutValidation("X-Many", ["a", "b"]);
                using var response = await client.SendAsync(request, Stop);
                return await response.Content.ReadAsStringAsync(Stop);
            }
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_response_arrives_as_it_was_written(Way way)
    {
        await using var pipeline = await Pipeline.Start(async http =>
        {
            http.Response.StatusCode = 422;
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = 2;
            http.Response.Headers.Append("Warning", "299 - \"a\"");
            http.Response.Headers.Append("Warning", "299 - \"b\"");
            await http.Response.Body.WriteAsync("{}"u8.ToArray());
        });
        using var client = pipeline.Client(way);
        using var response = await client.GetAsync("/", Stop);
        Assert.Equal((HttpStatusCode)422, response.StatusCode);
        Assert.Equal("Unprocessable Entity", response.ReasonPhrase);
        Assert.Equal(["299 - \"a\"", "299 - \"b\""], response.Headers.GetValues("Warning"));
        Assert.Equal(("application/json", 2), (response.Content.Headers.ContentType?.ToString(), response.Content.Headers.ContentLength));
        Assert.Equal("{}", await response.Content.ReadAsStringAsync(Stop));
        Assert.Equal("/", response.RequestMessage!.RequestUri!.AbsolutePath);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Responses_without_a_body_have_none(Way way)
    {
        await using var pipeline = await Pipeline.Start(async http =>
        {
            if (http.Request.Path == "/none") http.Response.StatusCode = 204;
            if (http.Request.Path != "/head") return;
            http.Response.ContentLength = 5;
            await http.Response.WriteAsync("12345");
            http.Response.BodyWriter.Write("6"u8); // nobody counts what is not sent
        });
        using var client = pipeline.Client(way);
        foreach (var (method, path, length) in ((HttpMethod, string, long?)[])
            [(HttpMethod.Get, "/empty", 0), (HttpMethod.Delete, "/none", null), (HttpMethod.Head, "/head", 5)])
        {
            using var request = new HttpRequestMessage(method, path);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Stop);
            Assert.True(response.IsSuccessStatusCode);
            Assert.Empty(await response.Content.ReadAsByteArrayAsync(Stop));
            if (length is not null) Assert.Equal(length, response.Content.Headers.ContentLength);
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Who_asked_is_told_of_the_beginning_and_the_end(Way way)
    {
        var told = new List<string>();
        var over = new TaskCompletionSource();
        await using var pipeline = await Pipeline.Start(async http =>
        {
            http.Response.OnStarting(() => Tell("first registered"));
            http.Response.OnStarting(async () =>
            {
                await Tell("last registered");
                http.Response.Headers["X-Late"] = "yes";
            });
            http.Response.OnCompleted(() =>
            {
                told.Add("completed");
                over.SetResult();
                return Task.CompletedTask;
            });
            if (http.Request.Path == "/written") await http.Response.WriteAsync("x");
        });
        using var client = pipeline.Client(way);
        foreach (var path in (string[])["/written", "/empty"])
        {
            (told, over) = ([], new(TaskCreationOptions.RunContinuationsAsynchronously));
            using var response = await client.GetAsync(path, Stop);
            Assert.Equal(["yes"], response.Headers.GetValues("X-Late"));
            await over.Task.WaitAsync(Patience, Stop);
            Assert.Equal(["last registered", "first registered", "completed"], told);
        }

        Task Tell(string what)
        {
            told.Add(what);
            return Task.CompletedTask;
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_pipeline_that_fails_before_its_response_is_an_internal_error(Way way)
    {
        await using var pipeline = await Pipeline.Start(async http =>
        {
            http.Response.Headers["X-Lost"] = "yes";
            if (http.Request.Path == "/bad") throw new BadHttpRequestException("no", 413);
            if (http.Request.Path == "/starting") http.Response.OnStarting(() => throw new InvalidOperationException("starting"));
            else throw new InvalidOperationException("oh");
            await http.Response.WriteAsync("x");
        });
        using var client = pipeline.Client(way);
        foreach (var (path, code) in ((string, int)[])[("/oh", 500), ("/bad", 413), ("/starting", 500)])
        {
            using var response = await client.GetAsync(path, Stop);
            Assert.Equal((code, 0), ((int)response.StatusCode, response.Content.Headers.ContentLength));
            Assert.False(response.Headers.Contains("X-Lost"));
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_response_that_is_cut_off_is_no_whole_one(Way way)
    {
        await using var pipeline = await Pipeline.Start(async http =>
        {
            if (http.Request.Path == "/short") http.Response.ContentLength = 10;
            await http.Response.WriteAsync("x");
            await http.Response.Body.FlushAsync();
            if (http.Request.Path == "/abort") http.Abort();
            if (http.Request.Path == "/throw") throw new InvalidOperationException("oh");
        });
        using var client = pipeline.Client(way);
        foreach (var path in (string[])["/abort", "/throw", "/short"])
        {
            var fault = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(path, Stop));
            AssertEnded(fault, way);
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task An_abort_before_the_response_is_a_connection_that_ended(Way way)
    {
        await using var pipeline = await Pipeline.Start(http =>
        {
            http.Abort();
            return Task.CompletedTask;
        });
        using var client = pipeline.Client(way);
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/", Stop));
        AssertEnded(fault, way);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_pipeline_cannot_say_more_than_it_promised(Way way)
    {
        var refused = new TaskCompletionSource<string>();
        await using var pipeline = await Pipeline.Start(async http =>
        {
            http.Response.ContentLength = 1;
            refused.SetResult((await Assert.ThrowsAsync<InvalidOperationException>(() => http.Response.WriteAsync("xy", Stop))).Message);
            await http.Response.WriteAsync("x");
            Assert.Throws<InvalidOperationException>(() => http.Response.StatusCode = 500);
            Assert.Throws<InvalidOperationException>(() => http.Response.Headers["X-Late"] = "no");
        });
        using var client = pipeline.Client(way);
        Assert.Equal("x", await client.GetStringAsync("/", Stop));
        Assert.Contains("too many bytes", await refused.Task, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Whoever_gives_up_waiting_aborts_the_request(Way way)
    {
        var (entered, aborted) = (Signal(), Signal());
        await using var pipeline = await Pipeline.Start(async http =>
        {
            entered.SetResult();
            await Gone(http);
            aborted.SetResult();
        });
        using var client = pipeline.Client(way);
        using var patience = new CancellationTokenSource();
        var asked = client.GetAsync("/", patience.Token);
        await entered.Task.WaitAsync(Patience, Stop);
        await patience.CancelAsync();
        Assert.Equal(patience.Token, (await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked)).CancellationToken);
        await aborted.Task.WaitAsync(Patience, Stop);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task What_is_flushed_arrives_while_the_rest_is_not_written(Way way)
    {
        var (first, aborted) = (Signal(), Signal());
        await using var pipeline = await Pipeline.Start(async http =>
        {
            await http.Response.StartAsync();
            await http.Response.WriteAsync("one\n");
            await first.Task;
            await http.Response.WriteAsync("two\n");
            await Gone(http);
            aborted.SetResult();
        });
        using var client = pipeline.Client(way);
        using (var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Stop))
        {
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(Stop));
            Assert.Equal("one", await lines.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop));
            first.SetResult();
            Assert.Equal("two", await lines.ReadLineAsync(Stop).AsTask().WaitAsync(Patience, Stop));
        }
        await aborted.Task.WaitAsync(Patience, Stop);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_slow_reader_holds_the_pipeline_up_and_gets_everything(Way way)
    {
        const int Chunks = 64;
        var chunk = Encoding.ASCII.GetBytes(new string('x', 1024 * 1024));
        var held = Signal();
        await using var pipeline = await Pipeline.Start(async http =>
        {
            for (var number = 0; number < Chunks; number++)
            {
                var written = http.Response.BodyWriter.WriteAsync(chunk, http.RequestAborted);
                if (!written.IsCompleted) held.TrySetResult();
                await written;
            }
        });
        using var client = pipeline.Client(way);
        using var response = await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Stop);
        await held.Task.WaitAsync(Patience, Stop); // before a byte was read
        await using var body = await response.Content.ReadAsStreamAsync(Stop);
        var (buffer, total) = (new byte[100_000], 0L);
        while (await body.ReadAsync(buffer, Stop) is > 0 and var count) total += count;
        Assert.Equal(Chunks * chunk.LongLength, total);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_reader_that_goes_away_frees_a_pipeline_that_it_held_up(Way way)
    {
        var freed = Signal();
        await using var pipeline = await Pipeline.Start(async http =>
        {
            var chunk = new byte[1024 * 1024];
            try
            {
                while (!http.RequestAborted.IsCancellationRequested) await http.Response.BodyWriter.WriteAsync(chunk);
            }
            finally
            {
                freed.SetResult();
            }
        });
        using var client = pipeline.Client(way);
        (await client.GetAsync("/", HttpCompletionOption.ResponseHeadersRead, Stop)).Dispose();
        await freed.Task.WaitAsync(Patience, Stop);
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_large_content_of_unknown_length_is_streamed(Way way)
    {
        await using var pipeline = await Pipeline.Start(async http =>
        {
            Assert.Null(http.Request.ContentLength);
            using var kept = new MemoryStream();
            await http.Request.Body.CopyToAsync(kept);
            await http.Response.WriteAsync($"{kept.Length}");
        });
        using var client = pipeline.Client(way);
        var writing = new System.IO.Pipelines.Pipe();
        using var content = new StreamContent(writing.Reader.AsStream());
        var asked = client.PostAsync("/", content, Stop);
        for (var number = 0; number < 20; number++) await writing.Writer.WriteAsync(new byte[1_000_000], Stop);
        await writing.Writer.CompleteAsync();
        using var response = await asked;
        Assert.Equal("20000000", await response.Content.ReadAsStringAsync(Stop));
    }

    internal static TaskCompletionSource Signal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal static async Task Gone(HttpContext http)
    {
        var gone = Signal();
        await using var registration = http.RequestAborted.Register(() => gone.TrySetResult());
        await gone.Task;
    }

    /// <summary>A socket may also say that it was reset.</summary>
    private static void AssertEnded(HttpRequestException fault, Way way)
    {
        var error = (fault.InnerException as HttpIOException)?.HttpRequestError ?? fault.HttpRequestError;
        if (way == Way.Socket && error == HttpRequestError.Unknown) Assert.IsAssignableFrom<IOException>(fault.InnerException);
        else Assert.Equal(HttpRequestError.ResponseEnded, error);
    }

    private static IEnumerable<(HttpMethod, string, Func<HttpContent?>)> Requests() =>
    [
        (HttpMethod.Get, "/api/v1/namespaces/a%2Fb/c%20d/%C3%A9/./x/../y?labelSelector=a%3Db,c&watch=1&q=%C3%A9", () => null),
        (HttpMethod.Get, "/", () => null),
        (HttpMethod.Post, "/x", () => new StringContent("{\"a\":\"ö\"}", Encoding.UTF8, "application/json")),
        (HttpMethod.Patch, "/x?", () => new ByteArrayContent([])),
        (HttpMethod.Delete, "/x", () => new ReadOnlyMemoryContent("{}"u8.ToArray())),
    ];
}
