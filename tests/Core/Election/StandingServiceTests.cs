using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Election;

/// <summary>Whom a start finds as it was left: what it shows, what it holds and what it asks for agree.</summary>
public sealed class StandingServiceTests
{
    private const string Web = "web/nginx";
    private static readonly Address First = Address.Parse("192.0.2.10");
    private static readonly Address Second = Address.Parse("192.0.2.11");
    private static readonly ClusterConfiguration Announced =
        Given.Configuration(Given.Pool("front", "192.0.2.0/24")) with { Layer2 = [Given.Advertisement()] };

    private static ServiceRequest Showing(params Address[] held) => Given.Service(Web) with { Held = [.. held] };

    private static AddressClaim Claim(Address address) => Given.Claim(address.ToString(), Web);

    public static IEnumerable<TheoryDataRow<ServiceRequest, AddressClaim[], bool>> Cases =>
    [
        new(Showing(First), [Claim(First)], true) { TestDisplayName = "shows what it holds" },
        new(Showing(Second, First), [Claim(First), Claim(Second)], true) { TestDisplayName = "shows both that it holds, in any order" },
        new(Showing(First) with { Addresses = [First, Second] }, [Claim(First)], true) { TestDisplayName = "may ask for what it shows" },
        new(Showing(First) with { SharingKey = "k" }, [Claim(First) with { Holders = [.. Claim(First).Holders, new(new("web", "other"), "2")] }], true)
            { TestDisplayName = "shares what it holds" },
        new(Showing(First) with { Wanted = false }, [Claim(First)], false) { TestDisplayName = "wants no address any more" },
        new(Showing(First) with { Deleting = true }, [Claim(First)], false) { TestDisplayName = "is being deleted" },
        new(Showing(First) with { Foreign = true }, [Claim(First)], false) { TestDisplayName = "is served by others" },
        new(Showing(), [], false) { TestDisplayName = "has nothing" },
        new(Showing(First), [], false) { TestDisplayName = "shows what it does not hold" },
        new(Showing(), [Claim(First)], false) { TestDisplayName = "holds what it does not show" },
        new(Showing(First), [Claim(First), Claim(Second)], false) { TestDisplayName = "holds more than it shows" },
        new(Showing(First, Second), [Claim(First)], false) { TestDisplayName = "shows more than it holds" },
        new(Showing(First), [Claim(Second)], false) { TestDisplayName = "holds another" },
        new(Showing(First) with { Addresses = [Second] }, [Claim(First)], false) { TestDisplayName = "asks for another" },
        new(Showing(First) with { Uid = "new" }, [Claim(First)], false) { TestDisplayName = "one that bore its name holds it" },
        new(Showing(First), [Claim(First) with { Quarantine = new(default, new("a"), "eth0", default) }], false) { TestDisplayName = "a stranger uses it" },
    ];

    [Theory, MemberData(nameof(Cases))]
    public void A_service_stands_if_all_agree(ServiceRequest request, AddressClaim[] claims, bool stands) =>
        Assert.Equal(stands ? request.Service : null, StandingService.Of(request, [.. claims], Announced)?.Service);

    [Fact]
    public void No_service_stands_that_no_segment_is_to_hear_of() =>
        Assert.Null(StandingService.Of(Showing(First), [Claim(First)], Announced with { Layer2 = [] }));

    [Fact]
    public void What_it_asks_of_a_node_is_what_it_asks_itself() => Assert.Equal(
        Candidacy.Of(Showing(First, Second), [First, Second], Announced.Layer2, current: null),
        StandingService.Of(Showing(Second, First), [Claim(First), Claim(Second)], Announced)?.Candidacy);

    /// <summary>The slices of a service that stood were read with it, if there are any.</summary>
    [Fact]
    public void It_hopes_for_no_endpoints()
    {
        var without = Showing(First) with { EndpointsElsewhere = 0, EndpointsAwaited = true };
        Assert.False(StandingService.Of(without, [Claim(First)], Announced)?.Candidacy.HasEndpoint);
        Assert.True(Candidacy.Of(without, [First], Announced.Layer2, null).HasEndpoint);
    }
}
