using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>A Service whose address only routers know of.</summary>
/// <param name="IsLocal">Its externalTrafficPolicy is Local: only nodes with endpoints of it announce it.</param>
/// <param name="Endpoints">The nodes that have an endpoint of it.</param>
internal sealed record RoutedService(int Number, bool IsLocal, EquatableList<LabMachine> Endpoints)
{
    public string Name => string.Create(CultureInfo.InvariantCulture, $"r{Number}");

    public Address Address => LabPlan.RoutedServices.Network with { Value = LabPlan.RoutedServices.Network.Value + (uint)Number };

    public Prefix Prefix => new(Address, Address.Bits);

    public string Manifest => $$"""
        apiVersion: v1
        kind: Service
        metadata: {name: {{Name}}, namespace: default, annotations: {orleanslb.io/addresses: "{{Address}}"} }
        spec: {type: LoadBalancer, externalTrafficPolicy: {{(IsLocal ? "Local" : "Cluster")}}, ports: [{port: 80}]}
        ---
        {{Endpointslice}}
        """;

    /// <summary>Where its endpoints are, which may change.</summary>
    public string Endpointslice => $$"""
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: {{Name}}-1, namespace: default, labels: {kubernetes.io/service-name: {{Name}} } }
        addressType: IPv4
        endpoints: [{{string.Join(", ", Endpoints.Select(Endpoint))}}]
        ports: [{port: 80}]
        """;

    /// <summary>One in five is Local, with endpoints on two nodes; the others have endpoints on all.</summary>
    public static EquatableList<RoutedService> Of(int count, EquatableList<LabMachine> nodes) => Enumerable.Range(1, count).Select(number =>
        number % 5 == 0
            ? new RoutedService(number, true, [nodes[number / 5 % nodes.Count], nodes[(number / 5 + 1) % nodes.Count]])
            : new RoutedService(number, false, nodes)).ToEquatableList();

    private static string Endpoint(LabMachine node) => $$"""{addresses: ["{{node.Addresses[0]}}"], conditions: {ready: true}, nodeName: {{node.Name}} }""";
}
