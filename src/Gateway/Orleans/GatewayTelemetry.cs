using System.Diagnostics.Metrics;

namespace OrleansLb.Gateway;

/// <summary>The instruments of the connections between silos, and with clients.</summary>
internal static class GatewayTelemetry
{
    private static readonly Meter Meter = new("OrleansLb.Gateway");
    private static readonly Counter<long> RefusedCounter =
        Meter.CreateCounter<long>("orleanslb.gateway.connections.refused", "{connection}",
            "Connections of silos and clients that a guard turned away, by end and fault.");

    public static void Refused(ConnectionEnd end, Exception fault) =>
        RefusedCounter.Add(1, new("orleanslb.connection.end", end.ToString()), new("error.type", fault.GetType().Name));
}
