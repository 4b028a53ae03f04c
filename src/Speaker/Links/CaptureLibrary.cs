namespace OrleansLb.Speaker.Links;

/// <summary>Capture of frames by libpcap or Npcap, which the product build reaches through SharpPcap.</summary>
public static partial class CaptureLibrary
{
    /// <summary>Opens interfaces for capture; null in a build without SharpPcap.</summary>
    public static ILinkOpener? Opener
    {
        get
        {
            ILinkOpener? built = null;
            Provide(ref built);
            return built;
        }
    }

    static partial void Provide(ref ILinkOpener? opener);
}
