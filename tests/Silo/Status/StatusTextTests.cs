using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Tests.Status;

public sealed class StatusTextTests : IDisposable
{
    private readonly StringWriter _output = new();

    public void Dispose() => _output.Dispose();

    [Fact]
    public void The_status_is_a_table_per_subject_and_leaves_empty_ones_out()
    {
        var status = new StatusView("0.1.0", "local", true,
            [new("default/web", ["192.0.2.1"], ["office"], "AddressAssigned", "lowest free", "node2", true, "Announced", "least loaded")],
            [new("office", true, false, ["192.0.2.1-192.0.2.9"], [new("IPv4", "9", 1, 0, "8")])],
            [new("node2", true, false, true, 1, [new("eth0", true, "02:00:5e:00:00:0c", ["192.0.2.0/24"])])],
            [],
            Addresses: [new("192.0.2.1", ["default/web"], "node2", new(2026, 11, 22, 15, 0, 0, TimeSpan.Zero), 7, "Announced", "Announced", "least loaded", 12,
                0)]);

        StatusText.Write(_output, status);

        Assert.Equal("""
            orleanslb 0.1.0 (local build), ready

            SERVICES
            SERVICE       ADDRESSES   POOL     ANNOUNCER   WHY
            default/web   192.0.2.1   office   node2       Announced: least loaded

            ADDRESSES
            ADDRESS     HOLDER   SINCE                 EPOCH   ANSWERED   CONFLICTS   WHY
            192.0.2.1   node2    2026-11-22 15:00:00   7       12         0           Announced: least loaded

            POOLS
            POOL     RANGES                FAMILY   HELD   FREE     STATE
            office   192.0.2.1-192.0.2.9   IPv4     1      8 of 9   open

            NODES
            NODE    STATE   ADDRESSES   INTERFACES
            node2   alive   1           eth0 (192.0.2.0/24)

            """, _output.ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void An_explanation_says_what_was_refused_and_why()
    {
        var service = new ServiceView("default/web", [], [], "PoolNotFound", "there is no pool 'x'.", null, false, "None", "it has no address.");
        StatusText.Write(_output, new ExplanationView(service, [new("x", "PoolNotFound", "there are: office.")], [], [],
            [new(DateTimeOffset.UnixEpoch, "PoolNotFound", "no pool")], []));

        Assert.Equal("""
            Service default/web
              addresses: - from -
                PoolNotFound: there is no pool 'x'.
              announcer: - (not announced yet)
                None: it has no address.
              candidates, best first: -
              pools and addresses that were considered and not taken:
                x: PoolNotFound: there are: office.
              decisions, oldest first:
                1970-01-01 00:00:00.000  PoolNotFound: no pool

            """, _output.ToString(), ignoreLineEndingDifferences: true);
    }
}
