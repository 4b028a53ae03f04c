using System.Runtime.InteropServices;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>A network scope whose threads have lost a capability, as in a pod that was not given it: capabilities belong to a thread.</summary>
internal sealed partial class WithoutCapability(INetworkScope scope, uint lost) : INetworkScope
{
    public const uint NetAdmin = 1 << 12, NetRaw = 1 << 13;
    private const uint Version3 = 0x20080522;

    public T Run<T>(Func<T> open) => scope.Run(() =>
    {
        uint[] header = [Version3, 0];
        var sets = new uint[6]; // effective, permitted, inheritable; low words, then high words
        Assert.Equal(0, GetCapabilities(header, sets));
        sets[0] &= ~lost;
        Assert.Equal(0, SetCapabilities(header, sets));
        return open();
    });

    [LibraryImport("libc", EntryPoint = "capget")]
    private static partial int GetCapabilities(uint[] header, uint[] sets);

    [LibraryImport("libc", EntryPoint = "capset")]
    private static partial int SetCapabilities(uint[] header, uint[] sets);
}
