namespace OrleansLb.Speaker.Links;

/// <summary>The interfaces of one network stack.</summary>
public interface ILinkProvider
{
    /// <summary>The interfaces as they are, and again whenever they, their addresses or their main-table routes have changed.</summary>
    IAsyncEnumerable<LinksChange> Watch(CancellationToken cancellation);

    /// <summary>Opens an interface; throws <see cref="LinkException"/> when it cannot be.</summary>
    ILink Open(string name, LinkTraffic traffic);
}
