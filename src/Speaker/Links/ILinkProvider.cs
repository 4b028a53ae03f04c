using OrleansLb.Core.Addressing;

namespace OrleansLb.Speaker.Links;

/// <summary>The interfaces of one network stack.</summary>
public interface ILinkProvider
{
    /// <summary>The interfaces as they are, and again whenever they, their addresses or their main-table routes have changed.</summary>
    IAsyncEnumerable<LinksChange> Watch(CancellationToken cancellation);

    /// <summary>Opens an interface; throws <see cref="LinkException"/> when it cannot be.</summary>
    ILink Open(string name, LinkTraffic traffic);

    /// <summary>Puts an address on an interface for a lifetime, or begins its lifetime anew; throws <see cref="LinkException"/> when it cannot be.</summary>
    void Bear(string name, Address address, TimeSpan lifetime) => throw new LinkException($"{name} is no interface of a kernel that could bear an address.");

    /// <summary>Takes the address off again; nothing happens where it is not.</summary>
    void Release(string name, Address address) => throw new LinkException($"{name} is no interface of a kernel that could bear an address.");
}
