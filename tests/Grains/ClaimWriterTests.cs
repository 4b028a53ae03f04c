using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Pools;

namespace OrleansLb.Grains.Tests;

public sealed class ClaimWriterTests
{
    private static readonly ServiceName Service = new("web", "nginx");
    private static readonly AddressClaim Claim = new(Address.Parse("192.0.2.10"), new("front"), [new(Service, "uid")]);
    private readonly PoolBook _book = new(new("front"));
    private readonly SlowStore _store = new();
    private readonly ClaimWriter _writer;

    public ClaimWriterTests() => _writer = new(_book, _store, new(_book), NullLogger.Instance);

    [Fact]
    public async Task What_the_feed_says_during_a_write_is_judged_when_the_write_has_ended()
    {
        var written = _writer.Write([new(null, Claim)]);
        AddressClaim? atJudgement = null;
        _writer.Judge(Claim with { Version = "9" }, () => atJudgement = _book.At(Claim.Address));
        Assert.Null(atJudgement);
        _store.Answer.SetResult(new ClaimWrite.Written(Claim with { Version = "7" }));
        Assert.Equal(ClaimsWritten.Done, await written);
        Assert.Equal("7", atJudgement?.Version);
    }

    [Fact]
    public async Task A_write_without_an_answer_leaves_the_books_as_they_were_until_the_feed_tells()
    {
        var written = _writer.Write([new(null, Claim)]);
        var heard = false;
        _writer.Judge(Claim with { Version = "7" }, () =>
        {
            Assert.Null(_book.At(Claim.Address));
            heard = true;
        });
        _store.Answer.SetException(new RecordUnavailableException("may not create addressclaims"));
        Assert.Equal(ClaimsWritten.Unavailable, await written);
        Assert.Equal("may not create addressclaims", _writer.Fault);
        Assert.True(heard);
    }

    [Fact]
    public async Task Whoever_may_hold_something_else_after_a_write_waits_for_it()
    {
        var written = _writer.Write([new(Claim, null)]);
        var wait = _writer.InFlight(Service);
        Assert.False(wait!.IsCompleted);
        Assert.Null(_writer.InFlight(new ServiceName("web", "other")));
        _writer.Judge(Claim with { Holders = [new(new ServiceName("web", "other"), "uid")] }, () => { });
        Assert.NotNull(_writer.InFlight(new ServiceName("web", "other")));
        _store.Answer.SetResult(new ClaimWrite.Written(Claim));
        await written;
        await wait;
        Assert.Null(_writer.InFlight(Service));
    }

    /// <summary>A record that answers when the test says so.</summary>
    private sealed class SlowStore : IClaimStore
    {
        public TaskCompletionSource<ClaimWrite> Answer { get; } = new();

        public Task<EquatableList<AddressClaim>> List(PoolName pool, CancellationToken cancellation) => Task.FromResult<EquatableList<AddressClaim>>([]);

        public Task<ClaimWrite> Create(AddressClaim claim, CancellationToken cancellation) => Answer.Task;

        public Task<ClaimWrite> Update(AddressClaim claim, CancellationToken cancellation) => Answer.Task;

        public Task<ClaimWrite> Delete(AddressClaim claim, CancellationToken cancellation) => Answer.Task;
    }
}
