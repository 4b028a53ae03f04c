using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;

namespace OrleansLb.Kubernetes.Tests.Client;

public sealed class WatchReaderTests
{
    private const string Added = """{"type":"ADDED","object":{"kind":"Pod","metadata":{"name":"a","resourceVersion":"5"}}}""";

    [Fact]
    public async Task Events_are_read_whatever_the_cuts_between_chunks()
    {
        var text = Added + "\n" + """{"object":{"metadata":{"name":"b","resourceVersion":"6"}},"type":"DELETED"}""" + "\n"
            + """{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9","annotations":{"k8s.io/initial-events-end":"true"}}}}""" + "\n";
        for (var size = 1; size <= text.Length; size += 7)
        {
            var events = await Read(new ChunkedStream(Encoding.UTF8.GetBytes(text), size));
            Assert.Collection(
                events,
                first => Assert.Equal("a",
                    Assert.IsType<Change<PartialObject>.Upsert>(Assert.IsType<WatchEvent<PartialObject>.Changed>(first).Change).Item.Metadata.Name),
                second => Assert.Equal("b",
                    Assert.IsType<Change<PartialObject>.Delete>(Assert.IsType<WatchEvent<PartialObject>.Changed>(second).Change).Item.Metadata.Name),
                third => Assert.Equal(new WatchEvent<PartialObject>.Bookmark("9", EndsInitial: true), third));
        }
    }

    [Fact]
    public async Task Every_event_is_told_before_the_next_one_arrives()
    {
        var pipe = new Pipe();
        await using var events = WatchReader.Read(pipe.Reader.AsStream(), ClientJson.Default.PartialObject, TestContext.Current.CancellationToken)
            .GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await pipe.Writer.WriteAsync(Encoding.UTF8.GetBytes(Added + "\n{\"type\":"), TestContext.Current.CancellationToken);
        Assert.True(await events.MoveNextAsync());
        Assert.Equal("5", Assert.IsType<WatchEvent<PartialObject>.Changed>(events.Current).ResourceVersion);
    }

    [Fact]
    public async Task A_cut_off_event_is_dropped() => Assert.Single(await Read(new MemoryStream(Encoding.UTF8.GetBytes(Added + "\n" + Added[..40]))));

    [Fact]
    public async Task Several_events_on_one_line_are_all_read() =>
        Assert.Equal(2, (await Read(new MemoryStream(Encoding.UTF8.GetBytes(Added + Added + "\n")))).Count);

    [Fact]
    public async Task A_line_of_megabytes_is_read()
    {
        var big = $$"""{"type":"MODIFIED","object":{"metadata":{"name":"big","resourceVersion":"7"},"data":"{{new string('x', 3_000_000)}}" } }""" + "\n";
        var changed = Assert.IsType<WatchEvent<PartialObject>.Changed>(Assert.Single(await Read(new ChunkedStream(Encoding.UTF8.GetBytes(big), 4096))));
        Assert.Equal("7", changed.ResourceVersion);
    }

    [Fact]
    public async Task An_error_event_carries_its_status()
    {
        var events = await Read(new MemoryStream("""{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"""u8.ToArray().Append((byte)'\n').ToArray()));
        Assert.Equal(ApiReason.Expired, Assert.IsType<WatchEvent<PartialObject>.Failed>(Assert.Single(events)).Status.Reason);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("[1]")]
    [InlineData("""{"type":"RENAMED","object":{}}""")]
    [InlineData("""{"type":"ADDED"}""")]
    [InlineData("""{"type":"ADDED","object":null}""")]
    public async Task What_is_no_event_is_a_json_fault(string line) =>
        await Assert.ThrowsAnyAsync<JsonException>(() => Read(new MemoryStream(Encoding.UTF8.GetBytes(line + "\n"))));

    private static async Task<List<WatchEvent<PartialObject>>> Read(Stream stream) =>
        await WatchReader.Read(stream, ClientJson.Default.PartialObject, TestContext.Current.CancellationToken)
            .ToListAsync(TestContext.Current.CancellationToken);

    private sealed class ChunkedStream(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(size, buffer.Length)], cancellationToken);
    }
}
