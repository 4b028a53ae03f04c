using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace OrleansLb.Speaker.Links.Windows;

/// <summary>Says that interfaces, addresses or routes may have changed. What it says while nobody waits counts once.</summary>
internal sealed class WindowsChanges : IDisposable
{
    private readonly Channel<bool> _news = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SafeHandle _routes;
    private readonly SafeHandle _interfaces;

    public WindowsChanges()
    {
        _routes = IpHelper.FollowRoutes(Tell);
        _interfaces = IpHelper.FollowInterfaces(Tell);
        NetworkChange.NetworkAddressChanged += OnChange;
    }

    /// <summary>Done as soon as something has changed since the last time.</summary>
    public ValueTask<bool> Next(CancellationToken cancellation) => _news.Reader.ReadAsync(cancellation);

    public void Dispose()
    {
        NetworkChange.NetworkAddressChanged -= OnChange;
        _routes.Dispose();
        _interfaces.Dispose();
    }

    private void OnChange(object? sender, EventArgs change) => Tell();

    private void Tell() => _news.Writer.TryWrite(true);
}
