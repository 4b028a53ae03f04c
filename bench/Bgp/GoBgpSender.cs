using System.Buffers.Binary;
using System.Net;

namespace OrleansLb.Bench.Bgp;

/// <summary>GoBGP, which takes many routes at once only from an MRT dump (RFC 6396).</summary>
internal sealed class GoBgpSender(string networkNamespace, string folder, int routes) : IBgpSender
{
    /// <summary>Its client ends before the daemon has taken the last routes, and they are lost: the dump goes on with one that is there already.</summary>
    private const int LostByClient = 1500;

    private PeerProgram? _daemon;

    public string Name => "GoBGP";

    public IReadOnlyList<int> Processes => _daemon is { } daemon ? [daemon.Id] : [];

    private string Dump => Path.Combine(folder, "routes.mrt");

    public Task Start()
    {
        var file = Path.Combine(folder, "gobgp.toml");
        File.WriteAllText(file, """
            [global.config]
            as = 64500
            router-id = "192.0.2.1"
            [[neighbors]]
            [neighbors.config]
            neighbor-address = "192.0.2.2"
            peer-as = 64501
            [neighbors.timers.config]
            connect-retry = 1
            """);
        WriteDump();
        PeerProgram.Run(networkNamespace, "ip", "link", "set", "lo", "up"); // its client talks to it over the loopback
        _daemon = new(networkNamespace, PeerProgram.Find("gobgpd", "/usr/bin/gobgpd"), "-f", file, "--api-hosts", "127.0.0.1:50051", "-l", "warn");
        return Task.CompletedTask;
    }

    public Task AnnounceMany() => Ask("mrt", "inject", "global", Dump);

    public Task WithdrawMany() => Ask("global", "rib", "del", "all");

    public Task AnnounceOne() => Ask("global", "rib", "add", SenderRoutes.One);

    public Task WithdrawOne() => Ask("global", "rib", "del", SenderRoutes.One);

    public ValueTask DisposeAsync() => _daemon?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task Ask(params string[] command)
    {
        PeerProgram.Run(networkNamespace, PeerProgram.Find("gobgpd", "/usr/bin/gobgp"), command);
        return Task.CompletedTask;
    }

    // TABLE_DUMP_V2: one table of one peer, then one record for each route.
    private void WriteDump()
    {
        const ushort PeerIndexTable = 1, RibIpv4Unicast = 2;
        byte[] attributes = [0x40, 1, 1, 0, 0x40, 2, 0, 0x40, 3, 4, 192, 0, 2, 1]; // ORIGIN, an empty AS_PATH, NEXT_HOP
        using var dump = File.Create(Dump);
        Record(dump, PeerIndexTable, [192, 0, 2, 1, 0, 0, 0, 1, 2, 192, 0, 2, 1, 192, 0, 2, 1, .. Four(64500)]);
        var sequence = 0;
        foreach (var route in SenderRoutes.Many(routes).Concat(Enumerable.Repeat(SenderRoutes.Many(1).First(), LostByClient)))
        {
            var address = IPAddress.Parse(route.AsSpan(0, route.IndexOf('/', StringComparison.Ordinal))).GetAddressBytes();
            Record(dump, RibIpv4Unicast, [.. Four(sequence++), 32, .. address, 0, 1, 0, 0, .. Four(0), 0, (byte)attributes.Length, .. attributes]);
        }
    }

    private static void Record(FileStream dump, ushort subtype, byte[] body)
    {
        const byte TableDumpV2 = 13;
        dump.Write([.. Four(0), 0, TableDumpV2, (byte)(subtype >> 8), (byte)subtype, .. Four(body.Length), .. body]);
    }

    private static byte[] Four(int number)
    {
        var bytes = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }
}
