using OrleansLb.Speaker.Links.Pcap;

namespace OrleansLb.Speaker.Links;

/// <content>In the product build.</content>
public static partial class CaptureLibrary
{
    static partial void Provide(ref ILinkOpener? opener) => opener = PcapOpener.Instance;
}
