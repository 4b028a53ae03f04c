namespace OrleansLb.Speaker.Links;

/// <summary>The network stack that this process stands in.</summary>
public sealed class HostNetwork : INetworkScope
{
    private HostNetwork()
    {
    }

    public static HostNetwork Instance { get; } = new();

    public T Run<T>(Func<T> open)
    {
        ArgumentNullException.ThrowIfNull(open);
        return open();
    }
}
