using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;
using SharpPcap;

namespace OrleansLb.Speaker.Links.Pcap;

/// <summary>An interface opened for capture and injection, with a filter in the kernel and nothing allocated per frame.</summary>
internal sealed class PcapLink : ILink
{
    /// <summary>After a failed read: an interface that is down or gone would otherwise be asked without pause.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CaptureDevice _device;
    private readonly SolicitedNodeGroups _groups;
    private readonly ManualResetEventSlim _ended = new();
    private readonly SharedUse _use;
    private long _dropped;

    public PcapLink(CaptureDevice device, SolicitedNodeGroups groups, LinkDevice opened)
    {
        (_device, _groups, Name, Mac) = (device, groups, opened.Name, opened.Mac);
        _use = new(() =>
        {
            _device.Dispose();
            _ended.Dispose();
        });
    }

    public string Name { get; }

    public MacAddress Mac { get; }

    public long Dropped
    {
        get
        {
            if (!_use.TryBegin()) return Interlocked.Read(ref _dropped);
            try
            {
                Interlocked.Exchange(ref _dropped, _device.Statistics.DroppedPackets);
            }
            catch (StatisticsException)
            {
                // the interface is gone; what was dropped until then stays true
            }
            finally
            {
                _use.End();
            }
            return Interlocked.Read(ref _dropped);
        }
    }

    public int Receive(Span<byte> frame)
    {
        if (!_use.TryBegin()) return 0;
        try
        {
            while (!_ended.IsSet)
            {
                var length = _device.Next(frame);
                if (length > 0) return length;
                if (length < 0) _ended.Wait(Pause);
            }
            return 0;
        }
        finally
        {
            _use.End();
        }
    }

    public bool Send(ReadOnlySpan<byte> frame)
    {
        if (!_use.TryBegin()) return false;
        try
        {
            _device.SendPacket(frame);
            return true;
        }
        catch (PcapException)
        {
            return false; // down, gone, its queue full, or a frame that is too long for it
        }
        finally
        {
            _use.End();
        }
    }

    public void Join(Ipv6 group) => _groups.Join(group);

    public void Leave(Ipv6 group) => _groups.Leave(group);

    public void TakeStation(MacAddress mac) =>
        throw new LinkException($"{Name} is opened for capture, and what is captured is not given to the kernel; an address with virtualMac takes "
            + "packet sockets (--link packet).");

    public void Dispose()
    {
        if (!_use.TryClose()) return;
        _ended.Set();
        _device.Wake();
        _groups.Dispose();
        _use.End();
    }
}
