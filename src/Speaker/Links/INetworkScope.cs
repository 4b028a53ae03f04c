namespace OrleansLb.Speaker.Links;

/// <summary>The network stack in which sockets are made: the host's, or a network namespace.</summary>
public interface INetworkScope
{
    /// <summary>
    /// Runs <paramref name="open"/> where new sockets belong to this stack. It makes and binds sockets and nothing else: they stay in the stack
    /// whichever thread uses them later, but work that it queues or threads that it starts may be lost to it.
    /// </summary>
    T Run<T>(Func<T> open);
}
