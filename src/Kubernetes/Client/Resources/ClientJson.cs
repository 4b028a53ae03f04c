using System.Text.Json.Serialization;
using OrleansLb.Kubernetes.Client.Access;
using OrleansLb.Kubernetes.Client.Credentials;
using OrleansLb.Kubernetes.Client.Leases;

namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>How the objects that the client itself uses are written and read.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiStatus))]
[JsonSerializable(typeof(PartialObject))]
[JsonSerializable(typeof(ObjectList<PartialObject>))]
[JsonSerializable(typeof(ExecCredentialObject))]
[JsonSerializable(typeof(LeaseObject))]
[JsonSerializable(typeof(ObjectList<LeaseObject>))]
[JsonSerializable(typeof(AccessReviewObject))]
internal sealed partial class ClientJson : JsonSerializerContext;
