using System.Text.Json.Serialization;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Objects;

/// <summary>How the objects of this folder are read and written: only the fields that they name are kept.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ServiceObject))]
[JsonSerializable(typeof(ObjectList<ServiceObject>))]
[JsonSerializable(typeof(NodeObject))]
[JsonSerializable(typeof(ObjectList<NodeObject>))]
[JsonSerializable(typeof(EndpointSliceObject))]
[JsonSerializable(typeof(ObjectList<EndpointSliceObject>))]
[JsonSerializable(typeof(SecretObject))]
[JsonSerializable(typeof(ObjectList<SecretObject>))]
[JsonSerializable(typeof(DefinitionObject))]
[JsonSerializable(typeof(ObjectList<DefinitionObject>))]
[JsonSerializable(typeof(CustomObject))]
[JsonSerializable(typeof(ObjectList<CustomObject>))]
[JsonSerializable(typeof(AddressClaimObject))]
[JsonSerializable(typeof(ObjectList<AddressClaimObject>))]
[JsonSerializable(typeof(PodObject))]
[JsonSerializable(typeof(ObjectList<PodObject>))]
internal sealed partial class ObjectsJson : JsonSerializerContext;
