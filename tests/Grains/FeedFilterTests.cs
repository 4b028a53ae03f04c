using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Pools;

namespace OrleansLb.Grains.Tests;

public sealed class FeedFilterTests
{
    private static readonly Address Address = Address.Parse("192.0.2.10");
    private readonly PoolBook _book = new(new("front"));
    private readonly FeedFilter _filter;

    public FeedFilterTests() => _filter = new(_book);

    [Theory]
    [InlineData("7", "8", true)]
    [InlineData("7", "7", true)]
    [InlineData("10", "9", false)]
    [InlineData("9", "10", true)] // compared as numbers, not as text
    [InlineData("b", "a", true)] // versions that are no numbers: nothing is older
    [InlineData("", "5", true)]
    public void What_is_older_than_the_books_is_no_news(string known, string heard, bool isNews)
    {
        _book.Put(Claim(known));
        Assert.Equal(isNews, _filter.IsNews(Claim(heard)));
        Assert.Equal(isNews, _filter.IsNewsOfLoss(Claim(heard)));
    }

    [Fact]
    public void A_claim_that_the_books_lack_is_news_but_its_loss_is_none()
    {
        Assert.True(_filter.IsNews(Claim("7")));
        Assert.False(_filter.IsNewsOfLoss(Claim("7")));
    }

    [Fact]
    public void What_was_deleted_here_is_news_only_when_it_was_made_again()
    {
        _filter.Wrote(new(Claim("7"), null));
        Assert.False(_filter.IsNews(Claim("6")));
        Assert.False(_filter.IsNews(Claim("7")));
        Assert.True(_filter.IsNews(Claim("8")));
        Assert.False(_filter.IsNewsOfLoss(Claim("7"))); // the feed has caught up
        Assert.True(_filter.IsNews(Claim("7")));
    }

    [Fact]
    public void A_claim_made_again_here_is_not_taken_for_the_deleted_one()
    {
        _filter.Wrote(new(Claim("7"), null));
        _filter.Wrote(new(null, Claim("")));
        _book.Put(Claim("9"));
        Assert.False(_filter.IsNewsOfLoss(Claim("7")));
        Assert.True(_filter.IsNews(Claim("9")));
    }

    [Fact]
    public void A_reading_misses_a_claim_only_once_the_feed_has_shown_it()
    {
        _filter.Wrote(new(null, Claim("")));
        Assert.False(_filter.IsMissed(Claim("7")));
        _filter.IsNews(Claim("7"));
        Assert.True(_filter.IsMissed(Claim("7")));
    }

    private static AddressClaim Claim(string version) => new(Address, new("front"), [new(new ServiceName("web", "nginx"), "uid")], Version: version);
}
