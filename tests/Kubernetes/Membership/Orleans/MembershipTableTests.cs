using System.Net;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using OrleansLb.Kubernetes.Membership;

namespace OrleansLb.Kubernetes.Tests.Membership;

/// <summary>What Orleans asks of a membership table (the contract of <see cref="IMembershipTable"/>), against the API over HTTP.</summary>
public sealed class MembershipTableTests
{
    private static readonly DateTime Now = new(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc);
    private static int _generation;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_table_is_empty_and_of_version_zero()
    {
        await using var cluster = await Cluster.Start();
        var data = await (await Table(cluster)).ReadAll();
        Assert.Empty(data.Members);
        Assert.Equal(0, data.Version.Version);
        Assert.NotEmpty(data.Version.VersionEtag);
    }

    [Fact]
    public async Task Initializing_again_keeps_what_is_there()
    {
        await using var cluster = await Cluster.Start();
        var table = await Table(cluster);
        Assert.True(await table.InsertRow(Entry(), (await table.ReadAll()).Version.Next()));
        await table.InitializeMembershipTable(true);
        Assert.Single((await table.ReadAll()).Members);
    }

    [Theory]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8::1")]
    [InlineData("fe80::1%7")]
    public async Task A_row_comes_back_as_it_was_put(string address)
    {
        await using var cluster = await Cluster.Start();
        var table = await Table(cluster);
        var entry = Entry(address);
        entry.SuspectTimes = [Tuple.Create(Silo("2001:db8::2"), Now.AddSeconds(1)), Tuple.Create(Silo(), Now.AddSeconds(2))];
        (entry.RoleName, entry.UpdateZone, entry.FaultZone) = ("role", 3, 4);
        Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        Assert.Equal(entry.ToFullString(), Assert.Single((await table.ReadAll()).Members).Item1.ToFullString());
        Assert.Equal(entry.ToFullString(), Assert.Single((await table.ReadRow(entry.SiloAddress)).Members).Item1.ToFullString());
    }

    [Fact]
    public async Task A_row_that_is_not_there_is_read_as_none()
    {
        await using var cluster = await Cluster.Start();
        var table = await Table(cluster);
        Assert.True(await table.InsertRow(Entry(), (await table.ReadAll()).Version.Next()));
        var data = await table.ReadRow(Silo());
        Assert.Empty(data.Members);
        Assert.Equal(1, data.Version.Version);
    }

    [Fact]
    public async Task An_insert_raises_the_version_and_fails_on_an_old_one_or_on_a_row_that_is_there()
    {
        await using var cluster = await Cluster.Start();
        var table = await Table(cluster);
        var (entry, first) = (Entry(), (await table.ReadAll()).Version.Next());
        Assert.True(await table.InsertRow(entry, first));
        Assert.False(await table.InsertRow(entry, first), "the same row on an old version");
        Assert.False(await table.InsertRow(Entry(), first), "another row on an old version");
        var data = await table.ReadAll();
        Assert.Equal(1, data.Version.Version);
        Assert.NotEqual(first.VersionEtag, data.Version.VersionEtag);
        Assert.False(await table.InsertRow(entry, data.Version.Next()), "a row that is there");
        data = await table.ReadAll();
        Assert.Equal((1, 1), (data.Version.Version, data.Members.Count));
    }

    [Fact]
    public async Task An_update_needs_the_etags_of_the_row_and_of_the_table()
    {
        await using var cluster = await Cluster.Start();
        var table = await Table(cluster);
        for (var count = 1; count < 5; count++)
        {
            var entry = Entry();
            var old = (await table.ReadAll()).Version.Next();
            Assert.True(await table.InsertRow(entry, old));
            var (version, etag) = Stands(await table.ReadAll(), entry);
            Assert.False(await table.UpdateRow(entry, etag, old), "the row's etag, an old version");
            entry.Status = SiloStatus.Active;
            Assert.True(await table.UpdateRow(entry, etag, version.Next()));
            Assert.False(await table.UpdateRow(entry, etag, version.Next()), "old etags");
            var (newer, newEtag) = Stands(await table.ReadAll(), entry);
            Assert.NotEqual(etag, newEtag);
            Assert.False(await table.UpdateRow(entry, etag, newer.Next()), "an old etag of the row, the table's version");
            Assert.False(await table.UpdateRow(entry, newEtag, version.Next()), "the row's etag, an old version");
            Assert.False(await table.UpdateRow(entry, "no etag of ours", newer.Next()));
            var data = await table.ReadAll();
            Assert.Equal((version.Version + 1, newEtag, count), (data.Version.Version, Stands(data, entry).Etag, data.Members.Count));
            Assert.Equal(SiloStatus.Active, data.TryGet(entry.SiloAddress)!.Item1.Status);
        }
    }

    [Fact]
    public async Task A_row_that_is_not_there_cannot_be_updated()
    {
        await using var cluster = await Cluster.Start();
        var table = await Table(cluster);
        Assert.False(await table.UpdateRow(Entry(), "1", (await table.ReadAll()).Version.Next()));
        Assert.Equal(0, (await table.ReadAll()).Version.Version);
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_wins_each_round()
    {
        await using var cluster = await Cluster.Start();
        var tables = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Table(cluster)));
        var entry = Entry();
        var first = (await tables[0].ReadAll()).Version.Next();
        Assert.Single(await Task.WhenAll(tables.Select(table => table.InsertRow(entry, first))), won => won);
        await Task.WhenAll(tables.Select(async table =>
        {
            while (true)
            {
                var data = await table.ReadAll();
                var (row, etag) = data.TryGet(entry.SiloAddress)!;
                if (await table.UpdateRow(row, etag, data.Version.Next())) return;
            }
        }));
        var last = await tables[0].ReadAll();
        Assert.Equal(1 + tables.Length, last.Version.Version);
        Assert.Single(last.Members);
    }

    [Fact]
    public async Task Saying_that_it_lives_leaves_the_version_alone()
    {
        await using var cluster = await Cluster.Start();
        var table = await Table(cluster);
        var entry = Entry();
        Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));
        var (version, etag) = Stands(await table.ReadAll(), entry);
        await table.UpdateIAmAlive(new() { SiloAddress = entry.SiloAddress, IAmAliveTime = Now.AddSeconds(5) });
        var data = await table.ReadAll();
        Assert.Equal(Now.AddSeconds(5), data.Members[0].Item1.IAmAliveTime);
        Assert.Equal(version, data.Version);
        Assert.True(await table.UpdateRow(entry, etag, version.Next()), "and does not stand in the way of an update");
    }

    [Fact]
    public async Task Defunct_rows_go_whatever_they_were_and_the_active_and_the_young_stay()
    {
        await using var cluster = await Cluster.Start();
        var table = await Table(cluster);
        foreach (var status in Enum.GetValues<SiloStatus>()) await Insert(table, Old(status));
        var youngDead = Entry();
        youngDead.Status = SiloStatus.Dead;
        await Insert(table, youngDead);
        var votedDead = Old(SiloStatus.Dead);
        votedDead.SuspectTimes = [Tuple.Create(Silo(), Now)];
        await Insert(table, votedDead);
        var speaking = Old(SiloStatus.Joining);
        await Insert(table, speaking);
        await table.UpdateIAmAlive(new() { SiloAddress = speaking.SiloAddress, IAmAliveTime = Now });

        var before = await table.ReadAll();
        await table.CleanupDefunctSiloEntries(new DateTimeOffset(Now).AddDays(-3));

        var data = await table.ReadAll();
        Assert.Equal(before.Version.Version, data.Version.Version);
        var kept = data.Members.Select(member => member.Item1).ToList();
        Assert.Equal(SiloStatus.Active,
            kept.Single(entry =>
                entry.SiloAddress != youngDead.SiloAddress && entry.SiloAddress != votedDead.SiloAddress && entry.SiloAddress != speaking.SiloAddress).Status);
        Assert.Equal(4, kept.Count);
    }

    [Fact]
    public async Task Active_silos_with_a_gateway_are_gateways()
    {
        await using var cluster = await Cluster.Start();
        var store = Store(cluster);
        var table = await Table(store);
        foreach (var (status, port) in new[] { (SiloStatus.Active, 7001), (SiloStatus.Active, 0), (SiloStatus.Dead, 7002), (SiloStatus.Joining, 7003),
            (SiloStatus.Active, 7004) })
        {
            var entry = Entry(port == 7004 ? "2001:db8::4" : "192.0.2.4");
            (entry.Status, entry.ProxyPort) = (status, port);
            await Insert(table, entry);
        }
        var gateways = new KubernetesGatewayList(store, Options.Create(new GatewayOptions()));
        await gateways.InitializeGatewayListProvider();
        Assert.Equal([7001, 7004], (await gateways.GetGateways()).Select(gateway => gateway.Port).Order());
    }

    [Fact]
    public async Task The_entries_of_a_cluster_can_be_deleted()
    {
        await using var cluster = await Cluster.Start();
        var table = await Table(cluster);
        await Insert(table, Entry());
        await table.DeleteMembershipTableEntries("c");
        await table.InitializeMembershipTable(true);
        Assert.Empty((await table.ReadAll()).Members);
    }

    private static async Task Insert(KubernetesMembershipTable table, MembershipEntry entry) =>
        Assert.True(await table.InsertRow(entry, (await table.ReadAll()).Version.Next()));

    private static (TableVersion Version, string Etag) Stands(MembershipTableData data, MembershipEntry entry) =>
        (data.Version, data.TryGet(entry.SiloAddress)!.Item2);

    private static SiloTableStore Store(Cluster cluster) => new(cluster.Client, new("default", "orleanslb", "c"), TimeProvider.System);

    private static Task<KubernetesMembershipTable> Table(Cluster cluster) => Table(Store(cluster));

    private static async Task<KubernetesMembershipTable> Table(SiloTableStore store)
    {
        var table = new KubernetesMembershipTable(store);
        await table.InitializeMembershipTable(true).WaitAsync(Cancellation);
        return table;
    }

    private static SiloAddress Silo(string address = "192.0.2.1") => SiloAddress.New(IPAddress.Parse(address), 8481, Interlocked.Increment(ref _generation));

    private static MembershipEntry Entry(string address = "192.0.2.1") => new()
    {
        SiloAddress = Silo(address), HostName = "host", SiloName = "node1", Status = SiloStatus.Joining, ProxyPort = 8482, StartTime = Now, IAmAliveTime = Now,
    };

    private static MembershipEntry Old(SiloStatus status)
    {
        var entry = Entry();
        (entry.Status, entry.StartTime, entry.IAmAliveTime) = (status, Now.AddDays(-10), Now.AddDays(-10));
        return entry;
    }
}
