using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Pools;

/// <summary>Which of the services that show one address have to leave it, when another load balancer is replaced.</summary>
public sealed class LatecomersTests
{
    /// <summary>Each service as name, age in days, key, port and addresses; then the holders by the record, and who has to look for another address.</summary>
    public static IEnumerable<TheoryDataRow<string, string, string>> Services =>
    [
        new("web/a 3 k 80 .10, web/b 2 k 81 .10, web/c 1 k 82 .10", "", "") { TestDisplayName = "all get on" },
        new("web/a 1 - 80 .10, web/b 2 - 80 .10", "", "web/a") { TestDisplayName = "of two without a key the older keeps it" },
        new("web/b 1 - 80 .10, web/a 1 - 80 .10", "", "web/b") { TestDisplayName = "of two of one age the first by name" },
        new("web/a 1 k 80 .10, web/b 2 k 81 .10, web/c 3 k 80 .10", "", "web/a") { TestDisplayName = "the youngest has the port of the eldest" },
        new("web/a 1 k 81 .10, web/b 2 k 80 .10, web/c 3 k 80 .10", "", "web/b") { TestDisplayName = "who has to go stands in nobody's way" },
        new("web/a 1 k 80 .10, web/b 2 m 81 .10", "", "web/a") { TestDisplayName = "another key" },
        new("web/a 1 k 80 .10, web/b 2 k 80 .10", ".10 web/a", "web/b") { TestDisplayName = "who has the claim keeps it, however young" },
        new("web/a 1 k 80 .10, web/b 2 k 80 .11", "", "") { TestDisplayName = "two addresses" },
        new("web/a 3 k 80 .10, web/b 2 k 80 .10, web/c 1 k 80 .11, web/d 4 k 80 .11", "", "web/b web/c") { TestDisplayName = "the older latecomer goes first" },
        new("web/a 2 k 80 .10, shop/b 1 k 81 .10", "", "") { TestDisplayName = "namespaces may share" },
        new("web/a 2 k 80 .99, shop/b 1 k 81 .99", "", "shop/b") { TestDisplayName = "namespaces may not share in this pool" },
    ];

    [Theory, MemberData(nameof(Services))]
    public void Whoever_comes_late_does_not_depend_on_the_order_of_arrival(string services, string claims, string late)
    {
        var requests = services.Split(", ").Select(Request).ToList();
        var held = claims.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(claim => claim.Split(' '))
            .Select(claim => new AddressClaim(At(claim[0]), new("front"), [.. claim[1..].Select(name => new ClaimHolder(ServiceName.Parse(name), name))], "k"))
            .ToDictionary(claim => claim.Address);
        foreach (var order in new[] { requests, [.. requests.AsEnumerable().Reverse()], [.. requests.Skip(1), requests[0]] })
        {
            var found = Latecomers.Of(order, held.GetValueOrDefault, address => address == At(".99"));
            Assert.Equal(late, string.Join(' ', found.Select(service => service.Service)));
        }
    }

    private static ServiceRequest Request(string text)
    {
        var words = text.Split(' ');
        return Given.Service(words[0]) with
        {
            Uid = words[0],
            Created = DateTimeOffset.UnixEpoch.AddDays(-int.Parse(words[1], System.Globalization.CultureInfo.InvariantCulture)),
            SharingKey = words[2] == "-" ? null : words[2],
            Ports = [new(Transport.Tcp, int.Parse(words[3], System.Globalization.CultureInfo.InvariantCulture))],
            Held = [At(words[4])],
        };
    }

    private static Address At(string last) => Address.Parse($"192.0.2{last}");
}
