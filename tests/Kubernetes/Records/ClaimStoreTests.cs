using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records;
using OrleansLb.Kubernetes.Tests.Client;

namespace OrleansLb.Kubernetes.Tests.Records;

public sealed class ClaimStoreTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("192.0.2.10", "192.0.2.10")]
    [InlineData("2001:db8::10", "2001-db8-0-0-0-0-0-10")]
    [InlineData("::1", "0-0-0-0-0-0-0-1")]
    [InlineData("fe80:0:0:0:abcd:ef01:2345:6789", "fe80-0-0-0-abcd-ef01-2345-6789")]
    public void A_claim_is_named_by_its_address(string address, string name) => Assert.Equal(name, ClaimNames.Of(Address.Parse(address)));

    [Theory]
    [InlineData("192.0.2.10")]
    [InlineData("2001:db8::10")]
    public async Task Only_the_first_creates_a_claim(string address)
    {
        await using var cluster = await Cluster.Start();
        var first = Claim(address, "one");
        var written = Assert.IsType<ClaimWrite.Written>(await cluster.Claims.Create(first, Cancellation)).Claim;
        Assert.NotEmpty(written.Version);
        Assert.Equal(written, Assert.IsType<ClaimWrite.Conflict>(await cluster.Claims.Create(Claim(address, "two"), Cancellation)).Current);
        Assert.Equal([written], await cluster.Claims.List(new("pool"), Cancellation));
        Assert.Empty(await cluster.Claims.List(new("other"), Cancellation));
    }

    [Fact]
    public async Task An_update_needs_the_version_that_stands()
    {
        await using var cluster = await Cluster.Start();
        var first = Assert.IsType<ClaimWrite.Written>(await cluster.Claims.Create(Claim("192.0.2.1", "one"), Cancellation)).Claim;
        var second =
            Assert.IsType<ClaimWrite.Written>(
                await cluster.Claims.Update(first with { SharingKey = "k", Holders = [.. first.Holders, new(new("default", "two"), "u2")] }, Cancellation))
                    .Claim;
        Assert.NotEqual(first.Version, second.Version);
        Assert.Equal(second, Assert.IsType<ClaimWrite.Conflict>(await cluster.Claims.Update(first with { SharingKey = "late" }, Cancellation)).Current);
        Assert.Equal(second, Assert.IsType<ClaimWrite.Conflict>(await cluster.Claims.Delete(first, Cancellation)).Current);
        Assert.IsType<ClaimWrite.Written>(await cluster.Claims.Delete(second, Cancellation));
        Assert.IsType<ClaimWrite.Written>(await cluster.Claims.Delete(second, Cancellation));
        Assert.Null(Assert.IsType<ClaimWrite.Conflict>(await cluster.Claims.Update(second, Cancellation)).Current);
    }

    [Fact]
    public async Task An_update_leaves_what_people_wrote_on_a_claim()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply("{apiVersion: orleanslb.io/v1alpha1, kind: AddressClaim, metadata: {name: 192.0.2.1, labels: {team: a}}, spec: {address: "
            + "192.0.2.1, reservedFor: the printer, reservation: {namespace: shop}}}");
        var made = Assert.Single(await cluster.Claims.List(new("pool"), Cancellation));
        Assert.IsType<ClaimWrite.Written>(
            await cluster.Claims.Update(made with { Pool = new("pool"), Reserved = null, Holders = Claim("192.0.2.1", "one").Holders }, Cancellation));
        var stands = (await cluster.Client.Get(ResourceTypes.Custom(ResourceTypes.AddressClaims.Resource), null, "192.0.2.1", Cancellation)).Root;
        Assert.Equal(("a", "the printer", "pool"),
            (stands.Text("metadata", "labels", "team"), stands.Text("spec", "reservedFor"), stands.Text("spec", "pool")));
        Assert.Null(Assert.IsType<OrleansLb.Kubernetes.Manifests.Mapping>(stands["spec"])["reservation"]);
    }

    [Fact]
    public async Task Quarantine_and_reservation_are_kept_with_their_end()
    {
        await using var cluster = await Cluster.Start();
        var until = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var held = Assert.IsType<ClaimWrite.Written>(await cluster.Claims.Create(Claim("192.0.2.1", "one") with { Reserved = new("web", "one", until) },
            Cancellation)).Claim;
        var lost = held with { Holders = [], Quarantine = new(new(0x0600000000ff), new("node1"), "eth0", until) };
        var written = Assert.IsType<ClaimWrite.Written>(await cluster.Claims.Update(lost, Cancellation)).Claim;
        Assert.Equal([written], await cluster.Claims.List(new("pool"), Cancellation));
        var free =
            Assert.IsType<ClaimWrite.Written>(await cluster.Claims.Update(written with { Quarantine = null, Reserved = new("web", null) }, Cancellation)).Claim;
        Assert.Equal([free], await cluster.Claims.List(new("pool"), Cancellation));
    }

    [Fact]
    public async Task An_address_that_rests_is_reserved_for_nobody()
    {
        await using var cluster = await Cluster.Start();
        var held = Assert.IsType<ClaimWrite.Written>(await cluster.Claims.Create(Claim("192.0.2.1", "one"), Cancellation)).Claim;
        var resting =
            Assert.IsType<ClaimWrite.Written>(
                await cluster.Claims.Update(held with { Holders = [], Released = new(2030, 1, 2, 3, 4, 5, 678, 901, TimeSpan.Zero) }, Cancellation)).Claim;
        var read = Assert.Single(await cluster.Claims.List(new("pool"), Cancellation));
        Assert.Equal(resting, read);
        Assert.True(read.IsResting);
        var again = Assert.IsType<ClaimWrite.Written>(await cluster.Claims.Update(read with { Holders = held.Holders, Released = null }, Cancellation)).Claim;
        Assert.Equal([again], await cluster.Claims.List(new("pool"), Cancellation));
    }

    [Fact]
    public async Task Of_many_that_create_at_once_one_wins()
    {
        await using var cluster = await Cluster.Start();
        var writes = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => cluster.Claims.Create(Claim("192.0.2.1", $"s{i}"), Cancellation)));
        var winner = Assert.Single(writes.OfType<ClaimWrite.Written>()).Claim;
        Assert.All(writes.OfType<ClaimWrite.Conflict>(), lost => Assert.Equal(winner, lost.Current));
    }

    [Fact]
    public async Task A_claim_by_hand_under_a_wrong_name_claims_nothing()
    {
        await using var cluster = await Cluster.Start();
        await cluster.Apply(
            "{apiVersion: orleanslb.io/v1alpha1, kind: AddressClaim, metadata: {name: 2001-db8-0-0-0-0-0-1}, spec: {address: '2001:db8::2', pool: pool}}");
        Assert.Empty(await cluster.Claims.List(new("pool"), Cancellation));
    }

    [Fact]
    public async Task An_outage_is_told_apart_from_a_conflict()
    {
        await using var api = await TestApi.Start(context => context.Refuse(503, "ServiceUnavailable"));
        var store = new ClaimStore(api.Client());
        await Assert.ThrowsAsync<RecordUnavailableException>(() => store.Create(Claim("192.0.2.1", "one"), Cancellation));
        await using var absent = await TestApi.Start(context => context.Refuse(404, "NotFound"));
        var fault = await Assert.ThrowsAsync<RecordUnavailableException>(() => new ClaimStore(absent.Client()).Create(Claim("192.0.2.1", "one"), Cancellation));
        Assert.Contains("deploy/crds", fault.Message, StringComparison.Ordinal);
    }

    private static AddressClaim Claim(string address, string service) =>
        new(Address.Parse(address), new("pool"), [new ClaimHolder(new("default", service), $"uid-{service}")]);
}
