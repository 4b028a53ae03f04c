using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Tests.Storage;

/// <summary>What is kept beside the bytes of an object.</summary>
public sealed class StoredObjectTests
{
    [Theory]
    [InlineData("", "services", """{"metadata":{"name":"a","namespace":"n","uid":"u","labels":{"app":"x"},"managedFields":[{"manager":"m"}]},"spec":{"type":"LoadBalancer","clusterIP":"10.96.0.9","clusterIPs":["10.96.0.9"],"ports":[{"port":80,"nodePort":30080}],"healthCheckNodePort":30081},"status":{"loadBalancer":{}}}""")]
    [InlineData("", "pods", """{"metadata":{"name":"a","namespace":"n","ownerReferences":[{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"r","uid":"o"}]},"spec":{"nodeName":"one","restartPolicy":"Always"},"status":{"phase":"Running","podIP":"10.0.0.1"}}""")]
    [InlineData("", "namespaces", """{"metadata":{"name":"a"},"spec":{"finalizers":["kubernetes"]},"status":{"phase":"Active"}}""")]
    [InlineData("", "nodes", """{"metadata":{"name":"a"},"spec":{"unschedulable":true},"status":{}}""")]
    [InlineData("", "secrets", """{"metadata":{"name":"a","namespace":"n"},"type":"kubernetes.io/basic-auth","data":{"password":"cGFzcw=="}}""")]
    [InlineData("", "events", """{"metadata":{"name":"a","namespace":"n"},"involvedObject":{"kind":"Service","name":"s","namespace":"n"},"reason":"Announced","type":"Normal","source":{"component":"orleanslb"},"reportingComponent":"orleanslb","message":"m"}""")]
    [InlineData("orleanslb.io", "addressclaims", """{"metadata":{"name":"10.0.0.1","uid":"u","labels":{"pool":"p"}},"spec":{"address":"10.0.0.1","pool":"p"}}""")]
    public void An_object_that_is_read_again_is_found_by_what_it_was_found_by(string group, string resource, string json)
    {
        var written = StoredObject.Freeze(new(group, resource), JsonText.ParseObject(System.Text.Encoding.UTF8.GetBytes(json)), 7);
        var read = StoredObject.Thaw(new(group, resource), 7, written.Bytes);
        Assert.Equal((written.Key, written.Uid, written.Revision), (read.Key, read.Uid, read.Revision));
        Assert.Equal(written.Labels, read.Labels);
        Assert.Equal(written.Fields, read.Fields);
        Assert.Equal(written.Claims, read.Claims);
        Assert.Equal(written.Bytes, read.Bytes);
    }
}
