using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Kinds;

/// <summary>The addresses of a slice are of its address type, which stays.</summary>
internal sealed class EndpointSliceRules : KindRules
{
    public override IEnumerable<FieldError> Validate(KindContext context, JsonObject tree, JsonObject? old)
    {
        var type = tree.Text("addressType");
        if (old is not null && old.Text("addressType") != type) yield return FieldError.Invalid("addressType", tree["addressType"], "field is immutable");
        var index = 0;
        foreach (var endpoint in tree.Objects("endpoints"))
        {
            var field = $"endpoints[{index++}].addresses";
            if (endpoint.Array("addresses") is not { Count: > 0 } addresses) yield return FieldError.Required(field, "must contain at least 1 address");
            else
                foreach (var address in addresses.Where(address => !Fits(address.AsText() ?? "", type)))
                    yield return FieldError.Invalid(field, address, $"must be a valid {type} address");
        }
    }

    private static bool Fits(string address, string? type) => type switch
    {
        "IPv4" => IPAddress.TryParse(address, out var v4) && v4.AddressFamily == AddressFamily.InterNetwork,
        "IPv6" => IPAddress.TryParse(address, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6,
        _ => NameRule.Subdomain.Accepts(address),
    };
}
