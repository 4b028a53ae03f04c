using System.Text.Json;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client;

/// <summary>
/// The ways in which a request can fail that are no bugs of ours: refused, unreachable, cut off, not understood, or without a credential to send.
/// </summary>
internal static class ApiFaults
{
    public static bool IsExpected(Exception fault) => fault is ApiException or HttpRequestException or IOException or JsonException or ConnectionException;
}
