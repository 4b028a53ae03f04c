namespace OrleansLb.Speaker.Links;

/// <summary>Opens interfaces for frames: by packet sockets, or by a capture library.</summary>
public interface ILinkOpener
{
    /// <summary>Opens the interface in its network stack; throws <see cref="LinkException"/> when it cannot be.</summary>
    ILink Open(INetworkScope scope, LinkDevice device, LinkTraffic traffic);
}
