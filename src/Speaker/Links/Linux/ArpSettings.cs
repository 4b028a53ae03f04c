using System.Globalization;

namespace OrleansLb.Speaker.Links.Linux;

/// <summary>How the kernel answers ARP on an interface (sysctl <c>net.ipv4.conf</c>). No event tells of its changes.</summary>
internal static class ArpSettings
{
    private const string Folder = "/proc/sys/net/ipv4/conf";

    /// <summary>
    /// The <c>arp_ignore</c> in force on each interface: the greater of its own and that of "all". To be called within the network stack in question.
    /// </summary>
    public static Dictionary<string, int> ReadIgnore(IEnumerable<string> interfaces)
    {
        var all = Read("all");
        return interfaces.ToDictionary(name => name, name => Math.Max(all, Read(name)));
    }

    /// <summary>0, the kernel's default, where it cannot be read: an interface that has just gone, or a sandbox without /proc/sys.</summary>
    private static int Read(string name)
    {
        try
        {
            return int.TryParse(File.ReadAllText(Path.Combine(Folder, name, "arp_ignore")), NumberStyles.Integer, CultureInfo.InvariantCulture, out var value)
                ? value
                : 0;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
